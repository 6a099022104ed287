import { join } from "node:path";
import { run } from "../support/run";

const root = join(__dirname, "../..");

const RULE = "import-x/no-restricted-paths";

/**
 * ESLint loads its configuration in a way that jest does not offer, so it runs in a process of its own: once for all cases.
 * Only the rule of the layers runs, which does not need the types of the whole project.
 */
const LINT = `
  const { ESLint } = require("eslint");
  const { join } = require("node:path");
  const eslint = new ESLint({
    ruleFilter: ({ ruleId }) => ruleId === "${RULE}",
    overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  });
  const lint = async ([file, imported]) => {
    const code = "import " + JSON.stringify(imported) + ";\\n";
    const [{ messages }] = await eslint.lintText(code, { filePath: join(process.cwd(), file) });
    return messages.map(({ ruleId }) => ruleId);
  };
  Promise.all(JSON.parse(process.argv[1]).map(lint)).then((rules) => console.log(JSON.stringify(rules)));
`;

type Case = [file: string, imported: string];

/** The names of what ESLint finds in each file when it imports nothing but the other one. */
async function rulesBrokenBy(cases: Case[]): Promise<string[][]> {
  const { code, output } = await run(process.execPath, ["-e", LINT, JSON.stringify(cases)], {
    cwd: root,
    env: process.env,
  });
  if (code !== 0) throw new Error(output);
  return JSON.parse(output.trim().split("\n").at(-1)!) as string[][];
}

describe("the layers of the provider and the emulator", () => {
  it("refuse an import of a layer above and accept one of a layer below", async () => {
    const upwards: Case[] = [
      ["provider/properties/values.ts", "../cloud"],
      ["provider/settings/choice.ts", "../signIn"],
      ["provider/cloud/calls.ts", "../contract/resource"],
      ["provider/contract/resource.ts", "../ownership/ledger"],
      ["provider/lookups/roles.ts", "../resources"],
      ["provider/resources/iamServiceAccount.ts", "../provider"],
      ["provider/provider.ts", "./protocol/server"],
      ["emulator/store/state.ts", "../calls/calls"],
      ["emulator/calls/calls.ts", "../dataPlane/services"],
      ["emulator/services/folders.ts", "../transport/rest"],
    ];
    const downwards: Case[] = [
      ["provider/cloud/calls.ts", "../settings"],
      ["provider/resources/iamServiceAccount.ts", "../ownership/ledger"],
      ["emulator/services/folders.ts", "../calls/calls"],
    ];

    const broken = await rulesBrokenBy([...upwards, ...downwards]);

    const refused = broken.slice(0, upwards.length).map((rules) => rules.includes(RULE));
    expect(refused).toEqual(upwards.map(() => true));
    expect(broken.slice(upwards.length)).toEqual(downwards.map(() => []));
  });
});
