import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startReader } from "../docs/document";
import { openBrowser } from "../support/browser";
import { startCloud } from "../support/cloud";

describe("npm run inventory", () => {
  it("exits with 0 without findings, and with 7 from the severity on that is asked for", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    const look = (more = "") => reader.sh(`npm run inventory -- --folder ${cloud.folderId} ${more}`);

    const empty = await look();
    const account = cloud.addAccount({ name: "sa-api", roles: ["ai.languageModels.user"] });
    const expiresAt = cloud.clock.now() + 60 * 24 * 60 * 60 * 1000;
    const { id } = cloud.addApiKey(account, { scopes: ["yc.ai.languageModels.execute"], expiresAt });
    const found = await look();

    expect([empty.code, empty.output]).toEqual([0, expect.stringContaining("Findings: 0 high, 0 medium, 0 low")]);
    expect(found.code).toBe(7);
    expect(found.output).toContain(`API key ${id} of sa-api belongs to no stack`);
    expect(found.output).toContain("Findings: 0 high, 1 medium, 0 low, 0 not known\n");
    const codes = [await look("--fail-on high"), await look("--fail-on medium"), await look("--fail-on never")];
    expect(codes.map(({ code }) => code)).toEqual([0, 7, 0]);
  });

  it("names the stack that signed in, in each command that mends something", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    const { id } = cloud.addApiKey(cloud.addAccount({ name: "sa-api", roles: ["ai.languageModels.user"] }));

    const { output } = await reader.sh("npm run inventory -- --stack dev");

    expect(output).toContain(`npm run adopt -- --key ${id} --stack dev\n`);
  });

  it("refuses with a sentence what it cannot do, and explains itself", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    const say = async (args: string) => (await reader.sh(`npm run inventory -- ${args}`)).output;

    expect(await say("--format xml")).toBe('--format cannot be "xml": choose text, json, markdown, csv or html.\n');
    expect(await say("")).toMatch(/^Name what to look at: /);
    expect(await say("--folder a --cloud b")).toMatch(/^Name a folder or a cloud, not both/);
    expect(await say("--help")).toMatch(/^Lists every API key[^]+--fail-on <severity> /);
  });

  it("writes a page that loads nothing, sorts by a click and fits a telephone", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    for (const name of ["zebra", "aardvark", "<img src=x onerror=document.title='taken'>"])
      cloud.addApiKey(cloud.addAccount({ name, roles: ["ai.editor"] }));
    const { code } = await reader.sh(
      `npm run inventory -- --cloud ${cloud.cloudId} --format html --file page.html --fail-on never`,
    );
    await using browser = await openBrowser();
    const page = await browser.newPage({ viewport: { width: 390, height: 800 }, colorScheme: "dark" });
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    const address = pathToFileURL(join(reader.folder, "page.html")).href;
    await page.goto(address);
    const accounts = () => page.locator("#keys tbody td:nth-child(2)").allInnerTexts();

    expect(code).toBe(0);
    expect(await page.title()).toBe("API keys for AI Studio");
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await page.locator("#keys th button:text-is('account')").click();
    const up = await accounts();
    await page.locator("#keys th button:text-is('account')").click();
    expect(await accounts()).toEqual([...up].reverse());
    expect(up.findIndex((text) => text.includes("aardvark"))).toBeLessThan(up.findIndex((t) => t.includes("zebra")));
    expect(requests).toEqual([address]);
    expect(readFileSync(join(reader.folder, "page.html"), "utf8")).not.toContain("<img");
    const folder = process.env["SCREENSHOTS"];
    if (folder) {
      await page.screenshot({ path: join(folder, "narrow-dark.png"), fullPage: true });
      const wide = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      await wide.goto(address);
      await wide.screenshot({ path: join(folder, "wide-light.png"), fullPage: true });
    }
  });
});
