import { startCloud } from "../support/cloud";
import { type Language, isTheStackOfTypeScript, livesALife, startIn, write } from "./lifecycle";
import { ensure, pathWith } from "./languageHost";
import { programOf } from "./page";

const text = programOf("yaml");

describe("a program in YAML", () => {
  let yaml: Language;
  beforeAll(async () => {
    const path = pathWith(await ensure("ensureLanguageHost", "yaml"));
    const wider = text.replace("[embeddings]", "[embeddings, imageGeneration]");
    yaml = { runtime: "yaml", file: "Main.yaml", text, wider, path };
  }, 15 * 60_000);
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  it("creates two applications, rotates with an overlap, retires, widens and is destroyed", () => livesALife(yaml));

  it("has the stack that TypeScript has, name by name", () => isTheStackOfTypeScript(yaml));

  describe("with a mistake", () => {
    /** What a preview says of a program with one application, and how many resources it would create besides. */
    async function saidOf(properties: string) {
      await using cloud = await startCloud();
      await using stack = await startIn(yaml, cloud);
      const other = "  other: { type: yandex:IamServiceAccount, properties: { name: other } }";
      const shop = `  shop: { type: yandex-aistudio:AiStudioAccess, properties: ${properties} }`;
      write(stack, yaml, ["resources:", other, shop].join("\n"));
      const { error = "", output, steps } = await stack.tryPreview();
      expect(Object.keys(steps).filter((name) => name.startsWith("shop-"))).toEqual([]);
      expect(error).not.toBe("");
      return output;
    }

    it.each([
      ["a capability", "{ capabilities: [textGenerations] }", /capabilities\[0\] .*textGeneration/],
      ["no capability", "{ capabilities: [] }", /capabilities /],
      ["an argument", "{ capabilities: [textGeneration], rotations: {} }", /rotations/],
      [
        "a rotation",
        '{ capabilities: [textGeneration], rotation: { everyDays: 60, overlapDays: 30, anchor: "soon" } }',
        /rotation\.anchor /,
      ],
      ["a capability that is not known yet", "{ capabilities: ['${other.id}'] }", /capabilities/],
    ])("names it in a sentence, without a trace: %s", async (_what, properties, sentence) => {
      const output = await saidOf(properties);

      expect(output).toMatch(sentence);
      expect(output).not.toMatch(/^\s+at .*:\d+|node:internal|pulumi-resource-yandex-aistudio:/m);
    });

    it("lists every one", async () => {
      const output = await saidOf('{ capabilities: [], rotation: { everyDays: 1, overlapDays: 5, anchor: "soon" } }');

      for (const path of ["capabilities", "rotation.anchor"]) expect(output).toMatch(new RegExp(`^\\s+${path} `, "m"));
    });
  });
});
