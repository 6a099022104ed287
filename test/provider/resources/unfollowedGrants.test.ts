import * as yandex from "@pulumi/yandex";
import { ServerError, Status } from "nice-grpc";
import { connect } from "../../../provider/cloud";
import { isAmbiguous } from "../../../provider/cloud/errors";
import { grantsOf } from "../../../provider/resources/resourcemanagerFolderIamMember/grants";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";
import { settingsFor, startSmallCloud, testWorld } from "../../support/smallCloud";

const ROLES = ["ai.languageModels.user", "ai.imageGeneration.user"];

// The token runs out, or a right is removed, between the call and the end of what it has begun.
describe("a grant that the cloud is at work on when it answers the deployer no more", () => {
  it.each(["UNAUTHENTICATED", "PERMISSION_DENIED"] as const)(
    "is kept in the state, and a destroy takes it away (%s)",
    async (code) => {
      await using cloud = await startCloud({ switches: { operations: { ms: 60_000 } } });
      const { folderId } = cloud;
      const account = cloud.addAccount({ name: "app" });
      const [role] = ROLES as [string];
      await using stack = await startStack(cloud, async () => {
        const member = `serviceAccount:${account}`;
        new yandex.ResourcemanagerFolderIamMember("grant", { folderId, role, member });
      });
      const roles = () => cloud.snapshot().grants.flatMap((one) => (one.subjectId === account ? [one.roleId] : []));
      cloud.fault({ method: "OperationService/Get", code, times: "always" });

      const { output } = await stack.tryUp();
      expect(output).toMatch(
        /the provider stopped waiting for it: .*; it may still go on in the cloud .*; run the update again/,
      );
      cloud.clearFaults();
      cloud.clock.advance(60_000);
      cloud.switches.operations = "atOnce";
      await stack.refresh();
      expect(roles()).toEqual([role]);
      await stack.destroy();

      expect(roles()).toEqual([]);
    },
  );

  it("is not asked for again by itself where it went with others: a refusal then would say nothing of it", async () => {
    const refuse = () => {
      throw new ServerError(Status.UNAUTHENTICATED, "the token has expired");
    };
    await using server = await startSmallCloud({
      "FolderService/ListAccessBindings": () => ({ accessBindings: [], nextPageToken: "" }),
      "FolderService/UpdateAccessBindings": (_request, _context, count) =>
        count === 1 ? { id: "op1", description: "", createdBy: "", done: false } : refuse(),
      "OperationService/Get": refuse,
    });
    const world = testWorld();
    using cloud = connect(settingsFor(server.address), world);
    const grants = grantsOf({ ...world, cloud });

    const { signal } = new AbortController();
    const added = ROLES.map((role) => {
      const grant = { folderId: "b1g00000000000000001", role, member: "serviceAccount:aje00000000000000001" };
      return grants.add(role, grant, signal).catch(isAmbiguous);
    });

    expect(await Promise.all(added)).toEqual([true, true]);
    expect(server.made("FolderService/UpdateAccessBindings")).toHaveLength(1);
  });
});
