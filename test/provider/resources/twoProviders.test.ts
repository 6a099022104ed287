import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

const ROLE = "ai.languageModels.user";

interface Declared {
  name: string;
  explicit?: boolean;
  /** Its name before. */
  alias?: string;
}

/** One grant, under the default provider or one of the program; each is a process of its own. */
const grant = (cloud: Emulator, account: string, { name, explicit = false, alias }: Declared) => {
  const { endpoint, token, folderId } = cloud;
  return async () => {
    const provider = explicit ? new yandex.Provider("own", { endpoint, token, folderId, plaintext: true }) : undefined;
    const aliases = alias ? [{ name: alias }] : [];
    const args = { folderId, role: ROLE, member: `serviceAccount:${account}` };
    new yandex.ResourcemanagerFolderIamMember(name, args, { provider, aliases });
  };
};

const rolesOf = (cloud: Emulator, account: string): string[] =>
  cloud.snapshot().grants.flatMap(({ subjectId, roleId }) => (subjectId === account ? [roleId] : []));

// P5. No process of a provider sees what the engine asks of another.
describe("a grant that goes from the default provider to one of the program", () => {
  it.each([
    ["under its name", { name: "spring" }],
    ["under another name, with an alias", { name: "summer", alias: "spring" }],
  ])("stays %s", async (_how, next) => {
    await using cloud = await startCloud();
    const app = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, grant(cloud, app, { name: "spring" }), { plugin: true });
    await stack.up();

    stack.program(grant(cloud, app, { ...next, explicit: true }));
    await stack.up();

    expect(rolesOf(cloud, app)).toEqual([ROLE]);
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
  });

  it("is removed under another name without an alias, and an update with a refresh brings it back", async () => {
    await using cloud = await startCloud();
    const app = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, grant(cloud, app, { name: "spring" }), { plugin: true });
    await stack.up();

    stack.program(grant(cloud, app, { name: "summer", explicit: true }));
    await stack.up();

    expect(rolesOf(cloud, app)).toEqual([]);
    expect((await stack.up({ refresh: true })).steps).toMatchObject({ summer: "create" });
    expect(rolesOf(cloud, app)).toEqual([ROLE]);
  });
});
