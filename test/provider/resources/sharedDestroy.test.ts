import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

const ROLE = "ai.languageModels.user";

/** Resources that declare one and the same grant, and one that declares another. */
const sharing = (cloud: Emulator, app: string, ...names: string[]) => {
  const args = { folderId: cloud.folderId, role: ROLE, member: `serviceAccount:${app}` };
  return async () => {
    new yandex.ResourcemanagerFolderIamMember("images", { ...args, role: "ai.imageGeneration.user" });
    for (const name of names) new yandex.ResourcemanagerFolderIamMember(name, args, { protect: name === "guarded" });
  };
};

const rolesOf = (cloud: Emulator, account: string): string[] =>
  cloud
    .snapshot()
    .grants.flatMap(({ subjectId, roleId }) => (subjectId === account && roleId === ROLE ? [roleId] : []));

// Case 79. Such a run shows the provider nothing but what it deletes.
describe("a grant that two resources declare", () => {
  it.each(["one", "two"])("stays when a destroy is for %s of them, and goes with the other", async (name) => {
    await using cloud = await startCloud({ switches: { operations: { ms: 300 } } });
    const app = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, sharing(cloud, app, "one", "two"));
    await stack.up();
    expect((await stack.preview()).steps).toEqual({});
    const { urn } = (await stack.resources())[name]!;
    const other = name === "one" ? "two" : "one";

    const { steps, output } = await stack.destroy({ target: [urn] });

    expect(steps).toEqual({ [name]: "delete" });
    expect(rolesOf(cloud, app)).toEqual([ROLE]);
    expect(output).toContain(`keeps ${ROLE} on ${cloud.folderId}, because ${other} declares it too`);
    stack.program(sharing(cloud, app, other));
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
    // From now on the state knows that the other is the only one.
    await stack.refresh();
    expect((await stack.destroy()).output).not.toContain("warning");
    expect(rolesOf(cloud, app)).toEqual([]);
  });

  it("stays with a warning that says how to take it away, where the other left the state and no refresh showed it", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 300 } } });
    const app = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, sharing(cloud, app, "one", "two"));
    await stack.up();
    stack.program(sharing(cloud, app, "one"));
    await stack.up();

    const { output } = await stack.destroy();

    const { folderId } = cloud;
    const command = `remove-access-binding ${folderId} --role ${ROLE} --subject serviceAccount:${app}`;
    expect(output).toContain(`remove the role with \`yc resource-manager folder ${command}\``);
    expect(rolesOf(cloud, app)).toEqual([ROLE]);
  });

  it("stays when a destroy excludes what is protected", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 300 } } });
    const app = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, sharing(cloud, app, "free", "guarded"));
    await stack.up();

    await stack.engine.destroy({ excludeProtected: true });

    expect(Object.keys(await stack.resources())).toContain("guarded");
    expect(await stack.resources()).not.toHaveProperty("free");
    expect(rolesOf(cloud, app)).toEqual([ROLE]);
  });

  it("stays in either case after a refresh, where the second came in a later run", async () => {
    await using cloud = await startCloud();
    const app = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, sharing(cloud, app, "first"));
    await stack.up();
    stack.program(sharing(cloud, app, "first", "later"));
    expect((await stack.up()).output).toContain("first declares it too, and it goes with the last of these resources");

    expect((await stack.refresh()).steps).toEqual({});
    await stack.destroy({ target: [(await stack.resources()).first!.urn] });

    expect(rolesOf(cloud, app)).toEqual([ROLE]);
  });

  it("goes with a destroy of both", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 300 } } });
    const app = cloud.addAccount({ name: "app" });
    await using stack = await startStack(cloud, sharing(cloud, app, "one", "two"));
    await stack.up();

    const { output } = await stack.destroy();

    expect(rolesOf(cloud, app)).toEqual([]);
    expect(output).not.toContain("warning");
  });
});
