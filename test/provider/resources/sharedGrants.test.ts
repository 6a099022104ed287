import * as yandex from "@pulumi/yandex";
import { startCloud } from "../../support/cloud";
import { startStack } from "../../support/stack";

const TEXT = "ai.languageModels.user";
const IMAGES = "ai.imageGeneration.user";

describe("ResourcemanagerFolderIamMember", () => {
  it("keeps a grant that one resource adds while another one gives it up before its replacement", async () => {
    await using cloud = await startCloud();
    const app = cloud.addAccount({ name: "app" });
    const grant = (name: string, role: string, deleteBeforeReplace = false) => {
      const args = { folderId: cloud.folderId, role, member: `serviceAccount:${app}` };
      return new yandex.ResourcemanagerFolderIamMember(name, args, { deleteBeforeReplace });
    };
    await using stack = await startStack(cloud, async () => void grant("a", TEXT, true));
    await stack.up();
    cloud.switches.operations = { ms: 500 };

    stack.program(async () => {
      grant("b", TEXT);
      grant("a", IMAGES, true);
    });
    await stack.up();

    const roles = cloud.snapshot().grants.flatMap(({ subjectId, roleId }) => (subjectId === app ? [roleId] : []));
    expect(roles.sort()).toEqual([IMAGES, TEXT]);
    expect((await stack.preview({ refresh: true })).steps).toEqual({});
  });
});
