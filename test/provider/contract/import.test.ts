import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import { startCloud } from "../../support/cloud";
import { leaksOf } from "../../support/leakScan";
import { startStack } from "../../support/stack";

const TEXT = "ai.languageModels.user";
const GRANT = "yandex:index/resourcemanagerFolderIamMember:ResourcemanagerFolderIamMember";

/** The engine marks with this key what it encrypts. */
const sealed = { "4dabf18193072939515e22adb298388d": expect.any(String) };

describe("what was made by hand", () => {
  it("is taken over as it is: an account and its grant", async () => {
    await using cloud = await startCloud();
    const { folderId } = cloud;
    const about = { description: "Calls AI Studio.", labels: { team: "shop" } };
    const account = cloud.addAccount({ name: "app", roles: [TEXT], ...about });
    const member = `serviceAccount:${account}`;
    const before = cloud.snapshot();
    const program = (imported: boolean) => async () => {
      const options = (id: string) => (imported ? { import: id } : {});
      new yandex.IamServiceAccount("app", { name: "app", ...about }, options(account));
      const grant = { folderId, role: TEXT, member };
      new yandex.ResourcemanagerFolderIamMember("grant", grant, options(`${folderId}/${TEXT}/${member}`));
    };
    await using stack = await startStack(cloud, program(true));

    const steps = { app: "import", grant: "import" };
    expect((await stack.preview()).steps).toEqual(steps);
    expect((await stack.up()).steps).toEqual(steps);
    expect((await stack.preview()).steps).toEqual({});
    stack.program(program(false));
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
    expect(cloud.snapshot()).toEqual(before);
    await stack.destroy();

    expect(cloud.snapshot()).toMatchObject({ accounts: [], grants: [{ subjectId: cloud.deployerId }] });
  });

  it("is taken over by the command, and the program that says the same has nothing to change", async () => {
    await using cloud = await startCloud();
    const { folderId } = cloud;
    const member = `serviceAccount:${cloud.addAccount({ name: "app", roles: [TEXT] })}`;
    await using stack = await startStack(cloud, async () => {
      new yandex.ResourcemanagerFolderIamMember("grant", { folderId, role: TEXT, member });
    });

    const resources = [{ type: GRANT, name: "grant", id: `${folderId}/${TEXT}/${member}` }];
    await stack.engine.import({ resources, generateCode: false, protect: false });

    expect((await stack.resources()).grant?.inputs).toEqual({ folderId, role: TEXT, member });
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
    expect(cloud.writes("FolderService")).toEqual([]);
  });

  // Case 24. The engine asks what there is before it tells what is secret in the program, so an update follows at once.
  it("is a secret where the program calls it one, through import, refresh and update", async () => {
    await using cloud = await startCloud();
    const hidden = { description: "hidden-description", label: "hidden-label" };
    const labels = { team: hidden.label, env: "dev" };
    const id = cloud.addAccount({ name: "app", description: hidden.description, labels });
    const program = (name: string, options: object) => async () => {
      const secret = { team: pulumi.secret(hidden.label), env: "dev" };
      const args = { name, description: pulumi.secret(hidden.description), labels: secret };
      new yandex.IamServiceAccount("app", args, options);
    };
    await using stack = await startStack(cloud, program("app", { import: id }));
    const expectSealed = async () => {
      const texts = Object.values(hidden).map((text) => leaksOf(text, stack.folder, { printed: stack.printed() }));
      expect((await Promise.all(texts)).flat()).toEqual([]);
      const { app } = await stack.resources();
      const both = { description: sealed, labels: { team: sealed, env: "dev" } };
      expect(app).toMatchObject({ id, inputs: both, outputs: both });
    };

    expect((await stack.up()).diffs).toEqual({ app: ["description", "labels"] });
    await expectSealed();
    expect((await stack.preview()).steps).toEqual({});
    await stack.refresh();
    await expectSealed();
    stack.program(program("app-new", {}));
    expect((await stack.up()).steps).toEqual({ app: "update" });
    await expectSealed();
  });

  it("is changed to what the program says, as the preview shows, and is missing if there is no such thing", async () => {
    await using cloud = await startCloud();
    const id = cloud.addAccount({ name: "app", description: "by hand" });
    const program = (name: string, account: string) => async () => {
      new yandex.IamServiceAccount("app", { name }, { import: account });
    };
    await using stack = await startStack(cloud, program("other", id));

    const changes = { steps: { app: "update" }, diffs: { app: ["description", "name"] } };
    expect(await stack.preview()).toMatchObject(changes);
    expect(await stack.up()).toMatchObject(changes);
    expect((await stack.preview()).steps).toEqual({});
    stack.program(program("app", "ajes9999999999999999"));
    expect((await stack.tryPreview()).error).toContain("resource 'ajes9999999999999999' does not exist");

    expect(cloud.snapshot().accounts).toMatchObject([{ id, name: "other", description: "" }]);
  });
});

describe("what is only looked up by .get", () => {
  it("is there for the program, and nothing happens to it", async () => {
    await using cloud = await startCloud();
    const { folderId } = cloud;
    const id = cloud.addAccount({ name: "app", roles: [TEXT], labels: { team: "shop" } });
    const before = cloud.snapshot();
    await using stack = await startStack(cloud, async () => {
      const account = yandex.IamServiceAccount.get("app", id);
      const member = pulumi.interpolate`serviceAccount:${account.id}`;
      const grantId = pulumi.interpolate`${folderId}/${TEXT}/${member}`;
      const grant = yandex.ResourcemanagerFolderIamMember.get("grant", grantId);
      return { name: account.name, folderId: account.folderId, labels: account.labels, role: grant.role };
    });

    const { outputs, steps } = await stack.up();
    expect((await stack.preview()).steps).toEqual({});
    await stack.destroy();

    expect(steps).toEqual({});
    const values = Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
    expect(values).toEqual({ name: "app", folderId, labels: { team: "shop" }, role: TEXT });
    expect(cloud.snapshot()).toEqual(before);
  });

  it("is said to be missing if it is, and a key is said to be of no use", async () => {
    await using cloud = await startCloud();
    const { id } = cloud.addApiKey(cloud.addAccount({ name: "app" }));
    await using stack = await startStack(cloud, async () => {
      yandex.IamServiceAccount.get("app", "ajes9999999999999999");
    });

    expect((await stack.tryPreview()).error).toContain("resource 'ajes9999999999999999' does not exist");
    stack.program(async () => void yandex.IamServiceAccountApiKey.get("key", id));

    expect((await stack.tryPreview()).error).toContain("an API key cannot be imported or looked up");
  });
});
