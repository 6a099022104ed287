import { type Language, isTheStackOfTypeScript, livesALife } from "./lifecycle";
import { ensure, pathWith } from "./languageHost";

const text = `
variables:
  rotation: { everyDays: 60, overlapDays: 30, anchor: "2027-01-01" }
resources:
  shop:
    type: yandex-aistudio:AiStudioAccess
    properties:
      capabilities: [textGeneration]
      rotation: \${rotation}
  search:
    type: yandex-aistudio:AiStudioAccess
    properties:
      capabilities: [embeddings]
      rotation: \${rotation}
outputs:
  shopApiKey: \${shop.apiKey}
  shopAccount: \${shop.serviceAccountName}
  searchEnv: \${search.env}
`;

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
});
