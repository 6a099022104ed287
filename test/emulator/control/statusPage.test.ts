import { openApi } from "../../support/api";
import { startCloud } from "../../support/cloud";

describe("the status page", () => {
  it("shows what is there and what was called, and no secret", async () => {
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
    expect(text).toContain("2020-01-01T00:00:00Z (expired)");
    expect(text).not.toContain(key.secret);
    expect(text).not.toContain(cloud.token);
  });

  it("shows names as text, whatever they hold", async () => {
    await using cloud = await startCloud();
    cloud.addFolder({ name: "<script>alert(1)</script>" });

    expect(await (await fetch(cloud.url)).text()).not.toContain("<script>");
  });
});
