import { startCloud } from "../support/cloud";
import { blocksOf, startReader } from "./document";

describe("docs/live.md", () => {
  it("leads a person with an account to a report, and leaves nothing in the folder", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    const before = cloud.snapshot();
    const blocks = blocksOf("live.md");
    const command = blocks["Run it"]!.trim().replace("<id>", cloud.folderId);

    const yc = `yc() { [ "$*" = "iam create-token" ] && echo ${cloud.token}; }`;
    const { code, output } = await reader.sh([yc, blocks["Before you start"], `${command} --yes`].join("\n"));

    expect([code, output]).toEqual([0, expect.stringMatching(/\d+ hold, 0 differ, \d+ could not be tried\./)]);
    expect(cloud.snapshot()).toEqual(before);
  });
});
