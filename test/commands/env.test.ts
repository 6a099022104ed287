import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv, promisify } from "node:util";
import { merged, variablesOf, writeVariables } from "../../commands/stack/envFile";
import { readersOf } from "../../commands/stack/fileModes";
import { leaksOf } from "../support/leakScan";
import { startClone } from "./clone";

const run = promisify(execFile);

/** What a user's own program does with the file, with a client that others wrote and none of our code. */
const PROGRAM = `
  const { OpenAI } = require("openai");
  const { YC_API_KEY, YC_FOLDER_ID, OPENAI_API_KEY } = process.env;
  new OpenAI()
    .chat.completions.create({
      model: "gpt://" + YC_FOLDER_ID + "/yandexgpt/latest",
      messages: [{ role: "user", content: "Hello" }],
    })
    .then(({ choices }) => console.log(YC_API_KEY === OPENAI_API_KEY, choices[0].message.content));
`;

const outputs = {
  shopApiKey: "AQVN-of-shop",
  shopFolderId: "b1g1",
  shopBaseUrl: "https://ai.example/v1",
  myBotApiKey: "AQVN-of-bot",
  myBotFolderId: "b1g1",
  myBotBaseUrl: "https://ai.example/v1",
};
const shop = {
  OPENAI_BASE_URL: "https://ai.example/v1",
  OPENAI_API_KEY: "AQVN-of-shop",
  OPENAI_PROJECT_ID: "b1g1",
  YC_API_KEY: "AQVN-of-shop",
  YC_FOLDER_ID: "b1g1",
};

describe("npm run env", () => {
  it("writes a file with which a client gets an answer, and shows the key to nobody", async () => {
    await using clone = startClone();
    await clone.run("start");
    const file = join(clone.folder, ".env");
    writeFileSync(file, "PORT=80\nOPENAI_API_KEY=old\n", { mode: 0o644 });

    const { code, output } = await clone.run("env", ["--stack", "local", "--app", "shop"]);

    expect(output).toMatch(/^Wrote \.env, which only you can read:\n {2}OPENAI_BASE_URL {5}http:\/\/127\.0\.0\.1:/);
    expect(output).toMatch(/^ {2}OPENAI_API_KEY {6}the key, not shown$/m);
    expect(code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, "utf8")).toMatch(/^PORT=80\nOPENAI_API_KEY=AQVN\S+\nOPENAI_BASE_URL=/);
    const key = /^YC_API_KEY=(.+)$/m.exec(readFileSync(file, "utf8"))![1]!;
    expect(await leaksOf(key, join(clone.folder, ".work"), { output })).toEqual([]);

    const client = await run(process.execPath, ["--env-file=.env", "-e", PROGRAM], { cwd: clone.folder, env: {} });
    expect(client.stdout).toMatch(/^true \S/);
  });

  it("makes no stack and no file when there is no such stack", async () => {
    await using clone = startClone();

    const { code, output } = await clone.run("env", ["--stack", "dev"], { PULUMI_CONFIG_PASSPHRASE: "correct" });

    expect(output).toBe("There is no stack dev: make it with `npm start -- --stack dev`.\n");
    expect(code).toBe(1);
    expect(readdirSync(clone.folder)).not.toContain(".env");
    expect(existsSync(join(clone.folder, "stacks", "Pulumi.dev.yaml"))).toBe(false);
    expect(existsSync(join(clone.folder, ".work", "state", ".pulumi", "stacks"))).toBe(false);
  });

  it("refuses an argument that nobody knows", async () => {
    await using clone = startClone();

    const { code, output } = await clone.run("env", ["--ap", "shop"]);

    expect(output).toBe("Unknown option '--ap': this takes --stack <name>, --app <name> and --file <path>.\n");
    expect(code).toBe(1);
  });
});

describe("the variables of an application", () => {
  it("are its outputs under the names that clients read", () => {
    expect(variablesOf(outputs, "dev", "shop")).toEqual(shop);
  });

  it("are found by the name that the settings have, too", () => {
    expect(variablesOf(outputs, "dev", "my-bot")).toMatchObject({ YC_API_KEY: "AQVN-of-bot" });
  });

  it("are those of the only application if none is named", () => {
    const { shopApiKey, shopFolderId, shopBaseUrl } = outputs;

    expect(variablesOf({ shopApiKey, shopFolderId, shopBaseUrl }, "dev")).toEqual(shop);
  });

  it.each([
    ["a slip of the pen", outputs, "shops", 'There is no application "shops": did you mean shop?'],
    ["another name", outputs, "crm", 'There is no application "crm": stack dev has shop, myBot.'],
    [
      "no name where there are two",
      outputs,
      undefined,
      "Which application? Add --app <name>; stack dev has shop, myBot.",
    ],
    [
      "a stack that is empty",
      {},
      "shop",
      "Stack dev exports no application yet: npm start -- --stack dev creates what its settings declare.",
    ],
    [
      "a key that is not there",
      { ...outputs, shopApiKey: undefined },
      "shop",
      "Stack dev has no output shopApiKey: bring it up again, then repeat this.",
    ],
    [
      "a key that could not be decrypted",
      { ...outputs, shopApiKey: {} },
      "shop",
      "Stack dev has no output shopApiKey: bring it up again, then repeat this.",
    ],
    [
      "a key that is masked",
      { ...outputs, shopApiKey: "[secret]" },
      "shop",
      "Output shopApiKey of stack dev came as [secret] and not as the key, so nothing was written.",
    ],
    [
      "a line break in a value",
      { ...outputs, shopBaseUrl: "https://ai.example/v1\nNODE_OPTIONS=--require=evil" },
      "shop",
      "Output shopBaseUrl of stack dev has characters that no such value has, so nothing was written.",
    ],
  ])("are refused in one sentence for %s", (_what, given, application, sentence) => {
    expect(() => variablesOf(given, "dev", application)).toThrow(new Error(sentence));
  });
});

describe("a file that is there", () => {
  it("keeps its other lines, and loses older values wherever they stand", () => {
    const existing = "# mine\nexport YC_API_KEY=old\nPORT=80\nYC_API_KEY=older\nMY_YC_API_KEY=kept";

    expect(merged(existing, shop)).toBe(
      [
        "# mine",
        "export YC_API_KEY=AQVN-of-shop",
        "PORT=80",
        "MY_YC_API_KEY=kept",
        "OPENAI_BASE_URL=https://ai.example/v1",
        "OPENAI_API_KEY=AQVN-of-shop",
        "OPENAI_PROJECT_ID=b1g1",
        "YC_FOLDER_ID=b1g1",
        "",
      ].join("\n"),
    );
  });

  it("keeps values of several lines, quotes and comments, as node reads them", () => {
    const existing = `PEM="-----BEGIN\nYC_API_KEY=inside\n-----END"\nA='b # c' # why\nYC_API_KEY="old\nolder"\n`;

    const text = merged(existing, shop);

    expect(text).toContain(`PEM="-----BEGIN\nYC_API_KEY=inside\n-----END"\nA='b # c' # why\nYC_API_KEY=AQVN-of-shop\n`);
    expect(text).not.toContain("older");
    expect(parseEnv(text)).toMatchObject({ PEM: "-----BEGIN\nYC_API_KEY=inside\n-----END", A: "b # c" });
  });

  it("stays a link, and the file that it leads to has the new key", () => {
    using folder = startFolder();
    const [link, target] = [join(folder.path, ".env"), join(folder.path, "target")];
    writeFileSync(target, "YC_API_KEY=old\n");
    symlinkSync("target", link);

    writeVariables(link, shop);

    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(target, "utf8")).toContain("YC_API_KEY=AQVN-of-shop\n");
  });

  it("is only called private if its rights are really so", () => {
    using folder = startFolder();
    const file = join(folder.path, ".env");
    writeVariables(file, shop);

    expect(readersOf(statSync(file).mode, "linux")).toBe("only you");
    chmodSync(file, 0o644); // what a drive does that ignores rights
    expect(readersOf(statSync(file).mode, "linux")).toBe("others");
    expect(readersOf(statSync(file).mode, "win32")).toBe("not known");
  });

  it("is the same when it is written again", () => {
    expect(merged(merged("", shop), shop)).toBe(merged("", shop));
  });

  it("is replaced by one that was never open to others, so that who had it open reads nothing new", () => {
    using folder = startFolder();
    const file = join(folder.path, ".env");
    writeFileSync(file, "PORT=80\n");
    chmodSync(file, 0o666);
    const before = statSync(file).ino;

    writeVariables(file, shop);

    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(file).ino).not.toBe(before);
    expect(readdirSync(folder.path)).toEqual([".env"]);
  });

  it("is refused when it is a folder, or when its folder does not exist", () => {
    using folder = startFolder();

    expect(() => writeVariables(folder.path, shop)).toThrow(`${folder.path} is a folder: name a file with --file.`);
    expect(() => writeVariables(join(folder.path, "no", ".env"), shop)).toThrow(
      /no\/\.env cannot be written \(ENOENT\): name another with --file\.$/,
    );
  });
});

function startFolder() {
  const path = mkdtempSync(join(tmpdir(), "env-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) };
}
