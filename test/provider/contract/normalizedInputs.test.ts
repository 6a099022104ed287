import { lifecycleCheck } from "../../support/lifecycle";
import type { Properties } from "../../../provider/properties/values";

const ACCOUNT = "yandex:index/iamServiceAccount:IamServiceAccount";
const VALIDATION = "yandex:index/aiStudioKeyValidation:AiStudioKeyValidation";
const FOLDER = "b1g00000000000000001";

const validation = (inputs: Properties) =>
  lifecycleCheck(VALIDATION, { folderId: FOLDER, secretKey: "key", ...inputs });

describe("an input", () => {
  it.each([
    ["false", false],
    ["true", true],
    [false, false],
  ])("is read as a flag where it comes as %j: %j", (given, meant) => {
    expect(validation({ required: given })).toMatchObject({ failures: [], inputs: { required: meant } });
  });

  it.each([
    ["90", 90],
    [90, 90],
  ])("is read as a number where it comes as %j: %j", (given, meant) => {
    expect(validation({ timeoutSeconds: given })).toMatchObject({ failures: [], inputs: { timeoutSeconds: meant } });
  });

  it.each<[string, Properties]>([
    ["true as a number", { timeoutSeconds: true }],
    ["a list as a number", { timeoutSeconds: ["5"] }],
    ["a fraction as a number", { timeoutSeconds: 1.5 }],
    ["a word as a flag", { required: "yes" }],
    ["a number as a flag", { required: 1 }],
  ])("is refused: %s", (_what, inputs) => {
    expect(validation(inputs).failures.map(({ property }) => property)).toEqual(Object.keys(inputs));
  });

  it("takes its default where it is an empty text: the provider's folder, a proposed name", () => {
    const config = { folderId: "b1g00000000000000009" };
    const { inputs, failures } = lifecycleCheck(ACCOUNT, { name: "shop", folderId: "" }, config);

    expect(failures).toEqual([]);
    expect(inputs.folderId).toBe("b1g00000000000000009");
  });

  it("may have as many characters as the API counts, however many code units they are", () => {
    const described = (length: number) =>
      lifecycleCheck(ACCOUNT, { name: "shop", folderId: FOLDER, description: "🔑".repeat(length) });

    expect(described(256).failures).toEqual([]);
    expect(described(257).failures).toMatchObject([
      { reason: expect.stringContaining("has 257 characters; at most 256") },
    ]);
  });
});
