import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { findTalker, newestFirst } from "../../commands/stack/outputs";
import { startClone } from "./clone";
import { findStackArgument } from "../../commands/pulumi";
import { command, STACK, YES } from "../../commands/stack/command";
import { settingsFile } from "../../commands/stack/workspace";

describe("the stack that a command is for", () => {
  it.each([
    [["up", "--stack", "dev"], "dev"],
    [["up", "-s", "organization/yandex-ai-access/dev"], "dev"],
    [["preview", "--stack=prod", "--diff"], "prod"],
    [["stack", "init", "dev"], "dev"],
    [["stack", "select", "--create", "dev", "-s", "prod"], "prod"],
    [["stack", "output", "shopApiKey"], undefined],
    [["preview", "--diff"], undefined],
  ])("is read from %j: %s", (args, expected) => {
    expect(findStackArgument(args)).toBe(expected);
  });

  const parsed = async (...args: string[]) => {
    let values: object | undefined;
    const run = command("start", "About.", { stack: STACK, yes: YES }, async (each) => ((values = each), 0));
    await run(args);
    return values;
  };

  it("is local unless another is named", async () => {
    expect(await parsed()).toMatchObject({ stack: "local", yes: false });
    expect(await parsed("--stack", "dev", "--yes")).toMatchObject({ stack: "dev", yes: true });
  });

  it("is not guessed from an argument that nobody knows", async () => {
    await expect(parsed("--stak", "dev")).rejects.toThrow(
      /^Unknown option '--stak': this takes --stack <name> and --yes\.$/,
    );
    await expect(parsed("dev")).rejects.toThrow(
      /'dev'.*: this takes --stack <name> and --yes\. Write -- before the first option\.$/,
    );
  });

  it("has its settings under its own name, whatever organization and project are named with it", () => {
    expect(settingsFile("acme/dev")).toBe("stacks/Pulumi.dev.yaml");
    expect(settingsFile("organization/yandex-ai-access/dev")).toBe("stacks/Pulumi.dev.yaml");
  });
});

describe("--help", () => {
  it.each(["start", "destroy", "emulator", "env", "review", "drift", "doctor", "inventory", "adopt"])(
    "prints what %s does and its options, and does nothing",
    async (name) => {
      await using clone = startClone();

      const { code, output } = await clone.run(name, ["--help"]);

      expect(output).toMatch(new RegExp(`^[A-Z][^]*?\\.\\n\\nUsage: npm (?:run )?${name} -- \\[options\\]\\n\\n {2}`));
      expect(output).toMatch(/^ {2}-h, --help +Print this\.$/m);
      expect(output.split("\n").filter((line) => line.length > 80)).toEqual([]);
      expect(code).toBe(0);
      expect(existsSync(join(clone.folder, ".work"))).toBe(false);
    },
  );
});

describe("a stack that npm keeps the name of", () => {
  const npm = (kept: Record<string, string>, ...args: string[]) =>
    new Promise<[code: unknown, said: string]>((resolve) => {
      const main = join(__dirname, "../../toolchain/main.mjs");
      const env = { PATH: process.env.PATH, ...kept };
      execFile(process.execPath, [main, ...args], { env }, (error, _out, said) => resolve([error?.code, said]));
    });

  it.each([
    ["npm run destroy --stack=prod", { npm_config_stack: "prod" }, ["destroy"], "npm run destroy -- --stack prod"],
    [
      "npm run destroy --stack prod",
      { npm_config_stack: "true" },
      ["destroy", "prod"],
      "npm run destroy -- --stack prod",
    ],
    ["npm start --stack prod", { npm_config_stack: "true" }, ["start", "prod"], "npm start -- --stack prod"],
  ])("is given back with the command that was meant: %s", async (_typed, kept, args, meant) => {
    expect(await npm(kept, ...args)).toEqual([
      1,
      `npm kept --stack for itself, so nothing was done: write -- before it, as in ${meant}\n`,
    ]);
  });
});

describe("the application that is asked", () => {
  const shop = { shopFolderId: "b1g", shopBaseUrl: "http://ai", shopModel: "gpt://b1g/yandexgpt/latest" };

  it("is the first that has all it takes", () => {
    expect(findTalker({ otherApiKey: "k", ...shop, shopApiKey: "secret" })).toEqual({
      name: "shop",
      apiKey: "secret",
      folderId: "b1g",
      baseUrl: "http://ai",
      model: "gpt://b1g/yandexgpt/latest",
    });
  });

  it("is not one that draws or turns text into vectors, wherever it stands", () => {
    const drawing = {
      drawApiKey: "k",
      drawFolderId: "b1g",
      drawBaseUrl: "http://ai",
      drawModel: "art://b1g/art/latest",
    };

    expect(findTalker({ ...drawing, ...shop, shopApiKey: "secret" })?.name).toBe("shop");
    expect(findTalker(drawing)).toBeUndefined();
  });

  it("is the one that was added last, also beside one whose name begins with its own", () => {
    const outputs = { shopBaseUrl: 1, shopDeskBaseUrl: 2, shopDeskModel: 3, other: 4, shopModel: 5 };

    expect(Object.keys(newestFirst(outputs, ["shop-desk", "shop"]))).toEqual([
      "shopBaseUrl",
      "shopModel",
      "shopDeskBaseUrl",
      "shopDeskModel",
      "other",
    ]);
    expect(Object.keys(newestFirst(outputs, ["shop", "shop-desk"]))[0]).toBe("shopDeskBaseUrl");
  });

  it("does not exist where no key is exported", () => {
    expect(findTalker(shop)).toBeUndefined();
  });
});
