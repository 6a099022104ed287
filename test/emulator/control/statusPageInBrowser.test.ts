import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, type BrowserContextOptions, chromium, type LaunchOptions, type Page } from "playwright-core";
import type { Emulator } from "../../../emulator/emulator";
import { openApi } from "../../support/api";
import { startCloud } from "../../support/cloud";

const root = join(__dirname, "../../..");
const HOSTILE = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;

/** This machine's browser, which is installed if it is not there. */
async function openBrowser(): Promise<Browser> {
  const module = JSON.stringify(join(root, "toolchain", "browser.mjs"));
  const find = `const { ensureBrowser } = await import(${module});
    console.log(JSON.stringify(await ensureBrowser(${JSON.stringify(root)})));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", find]);
  return chromium.launch({ args: ["--no-sandbox"], ...(JSON.parse(stdout) as LaunchOptions) });
}

/** What happened in the cloud, and its page as the browser shows it. */
async function look(cloud: Emulator, browser: Browser, options: BrowserContextOptions = {}) {
  const account = cloud.addAccount({ name: "shop", roles: ["ai.languageModels.user"] });
  const scopes = ["yc.ai.languageModels.execute"];
  const used = cloud.addApiKey(account, { scopes, expiresAt: Date.parse("2099-01-01T00:00:00Z") });
  const expired = cloud.addApiKey(account, { scopes, expiresAt: Date.parse("2020-01-01T00:00:00Z") });
  cloud.addFolder({ name: HOSTILE });
  await fetch(`${cloud.url}/v1/models`, { headers: { authorization: `Api-Key ${used.secret}` } });
  using api = openApi(cloud, "grpc");
  await api.call("FolderService/Get", { folderId: cloud.folderId });

  const page = await browser.newPage(options);
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(cloud.url);
  return { account, used, expired, page, requests };
}

/** The texts of the rows below a heading, cell by cell. */
const rowsOf = (page: Page, heading: string): Promise<string[][]> =>
  page
    .locator(`h2:has-text("${heading}") + table tr:has(td)`)
    .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.innerText)));

describe("the status page in a browser", () => {
  it("shows folders, accounts, grants, keys with expiry and last use, and the last calls", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page, account, used, expired } = await look(cloud, browser);

    expect(await page.title()).toBe("Local cloud");
    expect((await rowsOf(page, "Folders")).map(([name, id]) => [name, id])).toContainEqual(["default", cloud.folderId]);
    expect(await rowsOf(page, "Service accounts")).toContainEqual(expect.arrayContaining(["shop", account]));
    expect(await rowsOf(page, "Grants")).toContainEqual([
      "ai.languageModels.user",
      `serviceAccount ${account}`,
      cloud.folderId,
    ]);
    const scope = "yc.ai.languageModels.execute";
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(await rowsOf(page, "API keys")).toEqual([
      [used.id, account, scope, "2099-01-01T00:00:00Z", time],
      [expired.id, account, scope, "2020-01-01T00:00:00Z (expired)", "never"],
    ]);
    expect((await rowsOf(page, "Recent calls"))[0]).toEqual(expect.arrayContaining(["FolderService/Get", "OK"]));
  });

  it("shows no secret, and names as text whatever they hold", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page, used, expired, requests } = await look(cloud, browser);
    const source = await page.content();

    for (const secret of [used.secret, expired.secret, cloud.token]) expect(source).not.toContain(secret);
    expect((await rowsOf(page, "Folders")).map(([name]) => name)).toContain(HOSTILE);
    expect(await page.locator("img, script").count()).toBe(0);
    expect(await page.title()).toBe("Local cloud");
    expect(requests).toEqual([`${cloud.url}/`]);
  });

  it.each(["light", "dark"] as const)("can be read where colours are %s", async (colorScheme) => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page } = await look(cloud, browser, { colorScheme });

    const colours = await page.evaluate<{ paper: string; inks: string[] }>(`({
      paper: getComputedStyle(document.body).backgroundColor,
      inks: [...document.querySelectorAll("h1, h2, p, small, th, td")].map((text) => getComputedStyle(text).color),
    })`);
    const paper = channels(colours.paper);
    const contrasts = colours.inks.map((ink) => contrast(channels(ink), paper));

    expect(brightness(paper) > 0.5).toBe(colorScheme === "light");
    expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
  });

  it("needs no scrolling sideways on a telephone", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page } = await look(cloud, browser, { viewport: { width: 400, height: 800 } });

    const { width, wanted, cut } = await page.evaluate<Record<string, number>>(`({
      width: document.documentElement.clientWidth,
      wanted: document.documentElement.scrollWidth,
      cut: [...document.querySelectorAll("td")].filter((cell) => cell.scrollWidth > cell.clientWidth).length,
    })`);

    expect({ wanted, cut }).toEqual({ wanted: width, cut: 0 });
  });
});

/** Red, green and blue of `rgb(1, 2, 3)`. */
const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);

/** Relative luminance and contrast as the Web Content Accessibility Guidelines define them. */
function brightness(colour: number[]): number {
  const [red = 0, green = 0, blue = 0] = colour.map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: number[], other: number[]): number {
  const [dark = 0, bright = 0] = [brightness(one), brightness(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}
