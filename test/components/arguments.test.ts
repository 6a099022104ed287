import * as pulumi from "@pulumi/pulumi";
import { AiStudioAccess, type AiStudioAccessArgs } from "../../components";
import { registeredBy } from "../support/program";

const capabilities = ["textGeneration"];
const rotation = { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" };

/** The sentence that a program of plain JavaScript gets, which no compiler has looked at. */
const refusalOf = async (args: unknown): Promise<string> => {
  const run = registeredBy(() => new AiStudioAccess("shop", args as AiStudioAccessArgs));
  return run.then(
    () => "",
    (error: unknown) => (error instanceof pulumi.RunError ? error.message : `no sentence: ${String(error)}`),
  );
};

const wrong: [args: unknown, sentence: RegExp][] = [
  [undefined, /^capabilities must not be empty; list what the application needs, of textGeneration, /],
  [{}, /^capabilities must not be empty; /],
  [{ capabilities: [] }, /^capabilities must not be empty; /],
  [{ capabilities: null }, /^capabilities must not be empty; /],
  [
    { capabilities: "textGeneration" },
    /^capabilities must be a plain list such as \["textGeneration"\], not "textGeneration"$/,
  ],
  [{ capabilities: pulumi.output(capabilities) }, /^capabilities must be a plain list .*, not an output$/],
  [{ capabilities: [undefined] }, /^capabilities\[0\] undefined is not a capability; there are /],
  [{ capabilities: [pulumi.output("vision")] }, /^capabilities\[0\] an output is not a capability; there are /],
  [{ capabilities, capability: "vision" }, /^capability is not a known argument; did you mean capabilities\?$/],
  [{ capabilities, expiresAt: "2027-01-31T00:00:00Z" }, /^expiresAt is not a known argument; there are capabilities, /],
  [{ capabilities, serviceAccount: "aje1" }, /^serviceAccount must be a map such as .*, not "aje1"$/],
  [{ capabilities, serviceAccount: pulumi.output({ id: "aje1" }) }, /^serviceAccount must be .*, not an output$/],
  [{ capabilities, serviceAccount: { id: undefined } }, /^serviceAccount\.id is undefined; name an account /],
  [{ capabilities, serviceAccount: { existingName: "" } }, /^serviceAccount\.existingName is ""; name an account /],
  [{ capabilities, serviceAccount: { id: "aje1", name: "shop" } }, /^serviceAccount either adopts an account by id /],
  [
    { capabilities, serviceAccount: { folder: "b1g" } },
    /^serviceAccount\.folder is not a known argument; there are id, /,
  ],
  [{ capabilities, rotation: 90 }, /^rotation must be a map such as \{ everyDays: 90, .*, not 90$/],
  [{ capabilities, rotation: { ...rotation, everyDays: NaN } }, /^rotation\.everyDays must be .* 3650, not NaN$/],
  [{ capabilities, rotation: { ...rotation, everyDays: "90" } }, /^rotation\.everyDays must be .* 3650, not "90"$/],
  [{ capabilities, rotation: { ...rotation, overlapDays: 91 } }, /^rotation\.overlapDays is 91 days, more than /],
  [
    { capabilities, rotation: { ...rotation, anchor: "2026-02-30" } },
    /^rotation\.anchor must be a day .*"2026-02-30"$/,
  ],
  [
    { capabilities, rotation: { ...rotation, anchor: "2062-01-01" } },
    /^rotation\.anchor is 2062-01-01, more than everyDays \(90\) after today, 2026-05-01; the first key would work until /,
  ],
  [{ capabilities, rotation: { ...rotation, everyDays: 1.5 } }, /^rotation\.everyDays must be .* 3650, not 1\.5$/],
  [{ capabilities, rotation: { ...rotation, overlapDays: 0 } }, /^rotation\.overlapDays must be .* from 1, not 0$/],
  [{ capabilities, rotation: { ...rotation, anchor: "soon" } }, /^rotation\.anchor must be a day .*, not "soon"$/],
  [{ capabilities, rotation: { ...rotation, anchor: new Date(0) } }, /^rotation\.anchor must be .*, not a Date$/],
  [
    { capabilities, rotation: { ...rotation, trigger: 2 } },
    /^rotation\.trigger must be text in quotes, such as .*, not 2$/,
  ],
  [
    { capabilities, rotation: { ...rotation, overlap: 14 } },
    /^rotation\.overlap is not a known argument; there are everyDays, /,
  ],
  [{ capabilities, apiKey: { expiresAt: new Date(0) } }, /^apiKey\.expiresAt must be text such as .*, not a Date$/],
  [
    { capabilities, apiKey: { scopes: ["a.b"] } },
    /^apiKey\.scopes is not a known argument; there are description, expiresAt$/,
  ],
  [
    { capabilities, extraRoles: "ai.editor" },
    /^extraRoles must be a plain list such as \["ai\.guardrails\.user"\], not "ai\.editor"$/,
  ],
  [{ capabilities, extraScopes: [undefined] }, /^extraScopes\[0\] is undefined; write the name alone/],
  [{ capabilities, folderId: 5 }, /^folderId must be text such as "b1g…", not 5$/],
  [
    { capabilities, serviceAccount: { labels: "team" } },
    /^serviceAccount\.labels must be a map such as .*, not "team"$/,
  ],
  [{ capabilities, deliverTo: { lockbox: { entry: "key" } } }, /^deliverTo\.lockbox needs either secretId, /],
  [
    { capabilities, deliverTo: { lockbox: { secretId: "e6q1", entry: "key", deletionProtection: true } } },
    /^deliverTo\.lockbox\.deletionProtection is for a new secret; set it on the secret of secretId /,
  ],
  [{ capabilities, waitUntilReady: "false" }, /^waitUntilReady must be true or false, not "false"$/],
];

describe("a wrong argument of AiStudioAccess", () => {
  beforeEach(() => (process.env["AI_STUDIO_ACCESS_NOW"] = "2026-05-01T10:00:00Z"));
  afterEach(() => delete process.env["AI_STUDIO_ACCESS_NOW"]);

  const rows = wrong.map(([args, sentence]): [RegExp, unknown] => [sentence, args]);

  it.each(rows)("is refused in one sentence: %s", async (sentence, args) => {
    const [, told = ""] = (await refusalOf(args)).split('AiStudioAccess "shop" cannot be deployed: ');

    expect(told).toMatch(sentence);
  });

  it("is not reported where a value is left open", async () => {
    const open = { folderId: undefined, serviceAccount: null, rotation: undefined, apiKey: null, extraRoles: null };

    expect(await refusalOf({ capabilities, ...open, waitUntilReady: undefined })).toBe("");
  });
});
