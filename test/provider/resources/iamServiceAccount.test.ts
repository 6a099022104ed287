import * as yandex from "@pulumi/yandex";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

const account =
  (args: yandex.IamServiceAccountArgs = {}, options = {}) =>
  async () => ({ id: new yandex.IamServiceAccount("app", { name: "shop-dev", ...args }, options).id });

const accounts = (cloud: Emulator) =>
  cloud.snapshot().accounts.map(({ id, name, folderId, description }) => ({ id, name, folderId, description }));
const names = (cloud: Emulator) => cloud.snapshot().accounts.map(({ name }) => name);

describe("IamServiceAccount", () => {
  it("is made, stays as it is, changes in place, and has what is cleared cleared in the cloud too", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account({ description: "first", labels: { team: "shop" } }));
    const { id } = (await stack.up()).outputs;
    expect((await stack.preview()).steps).toEqual({});

    const changes: [yandex.IamServiceAccountArgs, string[]][] = [
      [{ description: "second", labels: { team: "shop" } }, ["description"]],
      [{ description: "second", labels: { team: "web", env: "dev" } }, ["labels"]],
      [{ description: "second", labels: { team: "web", env: "dev" }, name: "shop-new" }, ["name"]],
      // The official provider shows no change here and leaves both in the cloud.
      [{ name: "shop-new" }, ["description", "labels"]],
    ];
    for (const [args, changed] of changes) {
      stack.program(account(args));
      const { steps, diffs, outputs } = await stack.up();
      expect(steps).toEqual({ app: "update" });
      expect([...new Set(diffs.app?.map((path) => path.split(/[.[]/)[0]))].sort()).toEqual(changed);
      expect(outputs.id).toEqual(id);
    }

    const [left] = cloud.snapshot().accounts;
    expect(left).toMatchObject({ name: "shop-new", description: "" });
    expect(Object.keys(left?.labels ?? {}).filter((label) => label === "team" || label === "env")).toEqual([]);
    expect((await stack.refresh()).steps).toEqual({});
    expect((await stack.preview()).steps).toEqual({});
  });

  // Case 61.
  it("is deleted before its successor is created where a fixed name moves to another folder", async () => {
    await using cloud = await startCloud();
    const other = cloud.addFolder();
    await using stack = await startStack(cloud, account());
    const first = (await stack.up()).outputs.id?.value;

    await stack.set("yandex:folderId", other);
    const { steps, outputs } = await stack.up();

    expect(steps).toEqual({ app: "replace" });
    const second = outputs.id?.value;
    expect(cloud.writes("ServiceAccountService")).toEqual([`create ${first}`, `delete ${first}`, `create ${second}`]);
    expect(accounts(cloud)).toEqual([{ id: second, name: "shop-dev", folderId: other, description: "" }]);
    expect((await stack.preview()).steps).toEqual({});
  });

  it("is made before the old one goes where its name is made up", async () => {
    await using cloud = await startCloud();
    const other = cloud.addFolder();
    await using stack = await startStack(cloud, account({ name: undefined }));
    const first = (await stack.up()).outputs.id?.value;

    stack.program(account({ name: undefined, folderId: other }));
    const second = (await stack.up()).outputs.id?.value;

    expect(cloud.writes("ServiceAccountService")).toEqual([`create ${first}`, `create ${second}`, `delete ${first}`]);
  });

  // Case 18.
  it("is made again after it was deleted outside, by refresh and up", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account());
    const first = (await stack.up()).outputs.id?.value;
    await deleteOutside(cloud, first);

    expect((await stack.refresh()).steps).toEqual({ app: "delete" });
    const second = (await stack.up()).outputs.id?.value;

    expect(accounts(cloud).map(({ id }) => id)).toEqual([second]);
    expect(second).not.toEqual(first);
  });

  it("is deleted quietly if it no longer exists", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account());
    await deleteOutside(cloud, (await stack.up()).outputs.id?.value);

    const { output } = await stack.destroy();

    expect(output).not.toMatch(/warning|error/i);
    expect(await stack.resources()).not.toHaveProperty("app");
  });

  it("is found changed or gone among many others by a refresh", async () => {
    await using cloud = await startCloud();
    const names = ["one", "two", "three", "four", "five"].map((number) => `shop-${number}`);
    await using stack = await startStack(cloud, async () =>
      Object.fromEntries(names.map((name) => [name, new yandex.IamServiceAccount(name, { name }).id])),
    );
    const { outputs } = await stack.up();
    expect((await stack.refresh()).steps).toEqual({});
    const changed = { updateMask: "description", name: "shop-two", description: "by hand" };
    await callRest(cloud, "PATCH", `serviceAccounts/${outputs["shop-two"]?.value}`, changed);
    await deleteOutside(cloud, outputs["shop-four"]?.value);

    expect((await stack.refresh()).steps).toEqual({ "shop-two": "update", "shop-four": "delete" });
    expect((await stack.refresh()).steps).toEqual({});
    expect((await stack.up()).steps).toEqual({ "shop-two": "update", "shop-four": "create" });
    expect((await stack.preview()).steps).toEqual({});
  });

  it("stays in the state while the cloud cannot be asked", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account());
    await stack.up();
    cloud.fault({ method: "ServiceAccountService/Get", code: "PERMISSION_DENIED", times: "always" });

    const { error } = await stack.tryRefresh();

    expect(error).toMatch(
      /reading service account shop-dev: .*lacks the role iam.viewer on folder .*PERMISSION_DENIED/,
    );
    expect(await stack.resources()).toHaveProperty("app");
  });

  it("has a description that was changed outside put right by refresh and up", async () => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account({ description: "as the program says" }));
    const { id } = (await stack.up()).outputs;
    await callRest(cloud, "PATCH", `serviceAccounts/${id?.value}`, {
      name: "shop-dev",
      description: "by hand",
      updateMask: "description",
    });

    expect((await stack.refresh()).steps).toEqual({ app: "update" });
    expect((await stack.up()).steps).toEqual({ app: "update" });

    expect(accounts(cloud)[0]?.description).toBe("as the program says");
  });
});

describe("an account whose name is taken", () => {
  // Cases 14 and 17.
  it("is refused with the folder of the other one and a command that takes it over, and is never adopted", async () => {
    await using cloud = await startCloud();
    const other = cloud.addFolder({ name: "prod" });
    const foreign = cloud.addAccount({ name: "shop-dev", folderId: other, labels: { owner: "somebody" } });
    await using stack = await startStack(cloud, account({ folderId: other }));

    const { error } = await stack.tryUp();

    expect(error).toContain(`${foreign} in folder ${other}`);
    expect(error).toContain(
      `pulumi import yandex:index/iamServiceAccount:IamServiceAccount <resource name> ${foreign}\`, with --generate-code=false`,
    );
    expect(await stack.resources()).not.toHaveProperty("app");

    await stack.engine.import({
      resources: [{ type: "yandex:index/iamServiceAccount:IamServiceAccount", name: "app", id: foreign }],
      generateCode: false,
      protect: false,
    });
    stack.program(account({ folderId: other, labels: { owner: "somebody" } }));
    expect((await stack.preview()).steps).toEqual({});
  });
});

// Case 14.
it("says who holds the other name when an account cannot be renamed, and keeps its own name", async () => {
  await using cloud = await startCloud();
  const other = cloud.addFolder({ name: "prod" });
  const foreign = cloud.addAccount({ name: "shop-prod", folderId: other });
  await using stack = await startStack(cloud, account());
  await stack.up();

  stack.program(account({ name: "shop-prod" }));
  const { error } = await stack.tryUp();

  expect(error).toContain(`the name is held by ${foreign} in folder ${other}`);
  expect(names(cloud).sort()).toEqual(["shop-dev", "shop-prod"]);
  stack.program(account());
  expect((await stack.preview()).steps).toEqual({});
});

describe("an account whose making was disturbed", () => {
  const disturbances: [name: string, fault: Parameters<Emulator["fault"]>[0], failures: number][] = [
    // The peers leave an account behind here that no later run can take over.
    ["reading it back fails", { method: "ServiceAccountService/Get", code: "PERMISSION_DENIED" }, 0],
    ["the answer is lost", { method: "ServiceAccountService/Create", code: "UNAVAILABLE", when: "after" }, 0],
    [
      "an error comes after the effect",
      { method: "ServiceAccountService/Create", code: "DATA_LOSS", when: "after" },
      1,
    ],
    ["the connection is cut", { method: "ServiceAccountService/Create", cut: true, when: "after", times: 1 }, 0],
    ["the cloud is away for a moment", { method: "ServiceAccountService/Create", code: "UNAVAILABLE" }, 0],
  ];

  it.each(disturbances)("is one account, owned by the stack: %s", async (_name, fault, failures) => {
    await using cloud = await startCloud();
    await using stack = await startStack(cloud, account({ description: "for the shop" }));
    cloud.fault(fault);

    for (let failed = 0; failed < failures; failed++) expect((await stack.tryUp()).error).toBeDefined();
    const { outputs } = await stack.up();

    expect(accounts(cloud).map(({ id }) => id)).toEqual([outputs.id?.value]);
    await stack.destroy();
    expect(names(cloud)).toEqual([]);
  });

  it("is kept in the state while its operation cannot be followed, and the next run goes on with it", async () => {
    await using cloud = await startCloud({ switches: { operations: { ms: 60_000 } } });
    await using stack = await startStack(cloud, account());
    cloud.fault({ method: "OperationService/Get", code: "PERMISSION_DENIED" });

    const { error } = await stack.tryUp();
    const id = (await stack.resources()).app?.id;
    expect(error).toContain("run the update again to go on with it");
    cloud.clock.advance(60_000);
    expect((await stack.up()).outputs.id?.value).toBe(id);

    expect(accounts(cloud).map((one) => one.id)).toEqual([id]);
  });

  // The official provider loses the cause where the operation has failed in its first answer.
  it.each(["atOnce", { polls: 1 }] as const)("tells why its operation failed (%j)", async (operations) => {
    await using cloud = await startCloud({ switches: { operations } });
    await using stack = await startStack(cloud, account());
    const operationFails = { code: "FAILED_PRECONDITION", message: "the folder is being deleted" } as const;
    cloud.fault({ method: "ServiceAccountService/Create", operationFails });

    const { error } = await stack.tryUp();

    expect(error).toMatch(/service account shop-dev: the folder is being deleted.*operation \w+/);
    expect(await stack.resources()).not.toHaveProperty("app");
  });
});

const deleteOutside = (cloud: Emulator, id: string) => callRest(cloud, "DELETE", `serviceAccounts/${id}`);

async function callRest(cloud: Emulator, method: string, path: string, body?: object): Promise<void> {
  const answer = await fetch(`${cloud.url}/iam/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${cloud.token}`, "content-type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
}
