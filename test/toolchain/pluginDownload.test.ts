import { createServer } from "node:http";
import { version } from "../../package.json";
import { startCloud } from "../support/cloud";
import { listen } from "../support/listen";
import { startProject } from "../support/project";

/** The place where an engine looks for plug-ins; it has none, and remembers what it was asked for. */
async function startDownloads() {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.writeHead(404).end();
  });
  return { asked, ...(await listen(server)) };
}

// The engine's usual place has official plug-ins `yandex` 0.1.0 to 0.13.0, which know neither scopes nor expiry.
describe("a program whose plug-in is not installed", () => {
  it("asks for no version that an older plug-in of the same name has, and says how to install ours", async () => {
    await using cloud = await startCloud();
    await using downloads = await startDownloads();
    const program = `new (require("@pulumi/yandex").IamServiceAccount)("app", { name: "shop-dev" });`;
    const env = { PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES: `.*=${downloads.url}` };
    await using project = await startProject(cloud, program, { plugin: false, env });

    const { code, output } = await project.run(["preview"]);

    expect(code).not.toBe(0);
    expect(downloads.asked.filter((path) => path.includes("yandex"))).not.toEqual([]);
    for (const path of downloads.asked.filter((each) => each.includes("yandex")))
      expect(path).toContain(`-v${version}-`);
    expect(output).toContain(`pulumi plugin install resource yandex v${version}`);
    expect(cloud.writes("ServiceAccountService")).toEqual([]);
  });

  it("has a version above those of the older plug-ins", () => {
    expect(Number(version.split(".")[0])).toBeGreaterThanOrEqual(1);
  });
});
