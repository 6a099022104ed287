import { argumentRows, type Row, type Rows } from "../components/arguments";
import { capabilityNames, capabilityTable } from "../components/capabilities";

/** Sentences of the TypeScript declarations: by interface or class, by member; and those of the class itself under "". */
export type Sentences = Readonly<Record<string, Readonly<Record<string, string>>>>;

const MODULE = "yandex-aistudio:index";

/** The interfaces that describe the rows of each argument that is a map, and the name of its type in other languages. */
const MAPS = {
  serviceAccount: { type: "ServiceAccount", declared: ["NewServiceAccount", "AccountById", "AccountByName"] },
  apiKey: { type: "ApiKey", declared: ["ApiKeyArgs"] },
  rotation: { type: "Rotation", declared: ["RotationPolicy"] },
  deliverTo: { type: "Delivery", declared: ["DeliveryArgs"] },
  lockbox: { type: "Lockbox", declared: ["LockboxArgs"] },
} as const;

const TEXT = { type: "string" };

/** The outputs of the component. `always` is false where an output may be undefined. */
const OUTPUTS = {
  serviceAccountId: { type: TEXT, always: true },
  serviceAccountName: { type: TEXT, always: true },
  folderId: { type: TEXT, always: true },
  apiKeyId: { type: TEXT, always: true },
  apiKey: { type: { ...TEXT, secret: true }, always: true },
  apiKeyExpiresAt: { type: TEXT, always: false },
  previousApiKeyId: { type: TEXT, always: false },
  previousApiKey: { type: { ...TEXT, secret: true }, always: false },
  secretId: { type: TEXT, always: false },
  baseUrl: { type: TEXT, always: true },
  env: { type: { type: "object", additionalProperties: TEXT, secret: true }, always: true },
};

/** What this package has in common with that of the resources: its version and its addresses. */
export interface Release {
  version: string;
  inSchema: object;
  goModules: string;
}

/**
 * The component package in the engine's form. Names, kinds and obligations are those of `argumentRows`, the sentences
 * those of the declarations that a program in TypeScript shows.
 */
export function componentSchema(sentences: Sentences, { version, inSchema, goModules }: Release) {
  const maps = Object.entries(MAPS).map(([name, { type, declared }]) => {
    const described = Object.assign({}, ...declared.map((each) => sentences[each])) as Record<string, string>;
    const rows = mapNamed(name, argumentRows) ?? {};
    return [
      `${MODULE}:${type}`,
      { type: "object", properties: properties(rows, described), required: required(rows) },
    ] as const;
  });
  const described = sentences["AiStudioAccess"] ?? {};
  return {
    name: "yandex-aistudio",
    displayName: "Access to Yandex AI Studio",
    version,
    description: "An application's access to Yandex AI Studio, from a list of capabilities.",
    keywords: ["pulumi", "yandex", "yandex-cloud", "ai-studio", "api-key", "ai", "category/cloud", "kind/component"],
    license: "Apache-2.0",
    ...inSchema,
    meta: { moduleFormat: "(.*)" },
    language: {
      python: { packageName: "pulumi_yandex_aistudio", respectSchemaVersion: true, pyproject: { enabled: true } },
      go: {
        importBasePath: `${goModules}/yandex-aistudio/yandexaistudio`,
        respectSchemaVersion: true,
        generateResourceContainerTypes: true,
      },
      csharp: { respectSchemaVersion: true },
    },
    types: {
      ...Object.fromEntries(maps),
      [`${MODULE}:Capability`]: {
        type: "string",
        description: "What an application can do with AI Studio.",
        enum: capabilityNames.map((value) => ({
          name: value[0]!.toUpperCase() + value.slice(1),
          value,
          description: capabilityTable[value].sentence,
        })),
      },
    },
    resources: {
      [`${MODULE}:AiStudioAccess`]: {
        description: described[""],
        isComponent: true,
        properties: Object.fromEntries(
          Object.entries(OUTPUTS).map(([name, { type }]) => [name, { ...type, description: described[name] }]),
        ),
        required: Object.entries(OUTPUTS).flatMap(([name, { always }]) => (always ? name : [])),
        inputProperties: properties(argumentRows, sentences["AiStudioAccessArgs"] ?? {}),
        requiredInputs: required(argumentRows),
      },
    },
  };
}

/** The rows of a map, at whatever depth it is; maps of one name are of one type. */
function mapNamed(name: string, rows: Rows): Rows | undefined {
  const below = Object.values(rows).map((row) => row.rows && mapNamed(name, row.rows));
  return rows[name]?.rows ?? below.find((found) => found !== undefined);
}

const required = (rows: Rows): string[] => Object.keys(rows).filter((name) => rows[name]?.required);

const properties = (rows: Rows, described: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [name, { ...typeOf(name, row), description: described[name] }]),
  );

/** Types that may not be outputs are plain, so that a program that hands in an output does not compile. */
function typeOf(name: string, { kind }: Row): object {
  switch (kind) {
    case "text":
    case "moment":
      return TEXT;
    case "plainText":
    case "day":
      return { ...TEXT, plain: true };
    case "days":
      return { type: "integer", plain: true };
    case "flag":
      return { type: "boolean", plain: true };
    case "words":
      return { type: "array", items: { ...TEXT, plain: true }, plain: true };
    case "texts":
      return { type: "array", items: TEXT };
    case "capabilities":
      return { type: "array", items: { $ref: `#/types/${MODULE}:Capability`, plain: true }, plain: true };
    case "labels":
      return { type: "object", additionalProperties: TEXT };
    case "map":
      return { $ref: `#/types/${MODULE}:${MAPS[name as keyof typeof MAPS].type}`, plain: true };
  }
}
