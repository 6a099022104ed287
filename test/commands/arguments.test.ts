import { findApplication } from "../../commands/outputs";
import { findStackArgument } from "../../commands/pulumi";
import { readArguments } from "../../commands/stack";

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

describe("the application that is asked", () => {
  const shop = { shopFolderId: "b1g", shopBaseUrl: "http://ai", shopModel: "gpt://b1g/yandexgpt/latest" };

  it("is the first that has all it takes", () => {
    expect(findApplication({ otherApiKey: "k", ...shop, shopApiKey: "secret" })).toEqual({
      name: "shop",
      apiKey: "secret",
      folderId: "b1g",
      baseUrl: "http://ai",
      model: "gpt://b1g/yandexgpt/latest",
    });
  });

  it("is none where no key is exported", () => {
    expect(findApplication(shop)).toBeUndefined();
  });
});
