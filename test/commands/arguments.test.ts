import { execFile } from "node:child_process";
import { join } from "node:path";
import { findTalker } from "../../commands/stack/outputs";
import { findStackArgument } from "../../commands/pulumi";
import { readArguments } from "../../commands/stack/stack";

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

  it("is local unless another is named", () => {
    expect(readArguments([])).toEqual({ stack: "local", yes: false });
    expect(readArguments(["--stack", "dev", "--yes"])).toEqual({ stack: "dev", yes: true });
  });

  it("is not guessed from an argument that nobody knows", () => {
    expect(() => readArguments(["--stak", "dev"])).toThrow(
      /^Unknown option '--stak': this takes --stack <name> and --yes\.$/,
    );
    expect(() => readArguments(["dev"])).toThrow(/'dev'.*: this takes --stack <name> and --yes\.$/);
  });
});

describe("a stack that npm keeps the name of", () => {
  const npm = (npm_config_stack: string, ...args: string[]) =>
    new Promise<[code: unknown, said: string]>((resolve) => {
      const main = join(__dirname, "../../toolchain/main.mjs");
      const env = { PATH: process.env.PATH, npm_config_stack };
      execFile(process.execPath, [main, ...args], { env }, (error, _out, said) => resolve([error?.code, said]));
    });

  it.each([
    ["npm run destroy --stack=prod", ["prod", "destroy"]],
    ["npm run destroy --stack prod", ["true", "destroy", "prod"]],
  ])("is not mistaken for local: %s", async (_typed, [kept = "", ...args]) => {
    expect(await npm(kept, ...args)).toEqual([
      1,
      "npm kept --stack for itself, so nothing was done: write -- before it, as in npm start -- --stack prod\n",
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

  it("is none where no key is exported", () => {
    expect(findTalker(shop)).toBeUndefined();
  });
});
