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

  it.each([
    ["depends on the component", "properties: { name: worker }, options: { dependsOn: ['${shop}'] }"],
    ["uses an output of it", "properties: { name: worker, description: 'of ${shop.serviceAccountName}' }"],
  ])("deletes an application between what it depends on and a resource that %s", async (_how, worker) => {
    await using cloud = await startCloud();
    await using stack = await startIn(yaml, cloud);
    const of = "yandex-aistudio:AiStudioAccess, properties: { capabilities: [textGeneration] }";
    const resources = [
      `worker: { type: yandex:IamServiceAccount, ${worker} }`,
      `shop: { type: ${of}, options: { dependsOn: ['\${first}'] } }`,
      "first: { type: yandex:IamServiceAccount, properties: { name: first } }",
    ];
    write(stack, yaml, ["resources:", ...resources].join("\n  "));
    await stack.up();

    const { output } = await stack.destroy();

    const steps = Array.from(output.matchAll(/^ - +\S+ (\S+) (deleting|deleted)/gm), ([, ...words]) => words.join(" "));
    const ofShop = steps.findIndex((each) => /^shop\S* deleting$/.test(each));
    expect(ofShop).toBeGreaterThan(-1);
    expect(steps.slice(0, ofShop)).toEqual(["worker deleting", "worker deleted"]);
    expect(steps.filter((each) => !each.startsWith("shop-dev")).slice(-2)).toEqual(["first deleting", "first deleted"]);
  });

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
