import { relative } from "../../../emulator/control/statusPage/times";
import { openApi } from "../../support/api";
import { startCloud } from "../../support/cloud";

describe("the status page", () => {
  it("shows the accounts, keys and calls, and no secret", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, "grpc");
    const account = cloud.addAccount({ name: "shop", roles: ["ai.languageModels.user"] });
    const key = cloud.addApiKey(account, {
      scopes: ["yc.ai.languageModels.execute"],
      expiresAt: Date.parse("2020-01-01T00:00:00Z"),
    });
    await api.call("FolderService/Get", { folderId: cloud.folderId });

    const answer = await fetch(cloud.url);
    const text = await answer.text();

    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    for (const seen of ["shop", account, key.id, "ai.languageModels.user", "FolderService/Get"])
      expect(text).toContain(seen);
    expect(text).toMatch(/expired\s+<time datetime="2020-01-01T00:00:00Z" title="2020-01-01T00:00:00Z">/);
    expect(text).not.toContain(key.secret);
    expect(text).not.toContain(cloud.token);
  });

  it("shows names as text, whatever they hold", async () => {
    await using cloud = await startCloud();
    cloud.addFolder({ name: "<script>alert(1)</script>" });

    expect(await (await fetch(cloud.url)).text()).not.toContain("<script>alert");
  });

  it.each([
    [0, "now"],
    [-1_000, "1 second ago"],
    [90_000, "in 90 seconds"],
    [-2 * 60_000, "2 minutes ago"],
    [-47 * 3_600_000, "47 hours ago"],
    [90 * 86_400_000, "in 90 days"],
    [800 * 86_400_000, "in 2 years"],
  ])("tells a moment %i ms away as %s", (away, told) => {
    expect(relative(Date.parse("2026-03-01T00:00:00Z") + away, Date.parse("2026-03-01T00:00:00Z"))).toBe(told);
  });
});
