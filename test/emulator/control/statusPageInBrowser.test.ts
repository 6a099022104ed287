import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Emulator } from "../../../emulator/emulator";
import { openApi } from "../../support/api";
import { openBrowser } from "../../support/browser";
import { startCloud } from "../../support/cloud";

const HOSTILE = `<img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;

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

/** The card of an account, as the browser shows its text. */
const cardOf = (page: Page, name: string): Promise<string> =>
  page.locator("article", { has: page.locator(`h4 b:text-is("${name}")`) }).innerText();

/** The open rows of calls: what, answer, caller. */
const callsOf = (page: Page): Promise<string[][]> =>
  page
    .locator("#calls > ol > li")
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.children].slice(0, 3).map((cell) => (cell as unknown as { innerText: string }).innerText),
      ),
    );

const probe = { "user-agent": "pulumi-resource-yandex/1.0.0 (access probe)" };

describe("the status page in a browser", () => {
  it("names folder and cloud at the top, and the addresses to copy", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page } = await look(cloud, browser);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);

    expect(await page.title()).toBe("Local cloud");
    expect(await page.locator("header").innerText()).toContain(`Folder default ${cloud.folderId} in cloud local`);
    const addresses = await page.locator("#addresses dd").allInnerTexts();
    expect(addresses).toEqual(
      expect.arrayContaining([cloud.url, cloud.endpoint, cloud.tlsUrl, cloud.tlsEndpoint, `${cloud.url}/v1`]),
    );
    await page.locator(`button[value="${cloud.endpoint}"]`).click();
    await page.locator("button:text-is('copied')").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe(cloud.endpoint);
  });

  it("shows each account with its roles, and its keys with expiry, last use and scopes", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page, account, used, expired } = await look(cloud, browser);

    const card = await cardOf(page, "shop");
    for (const seen of [account, used.id, expired.id, "ai.languageModels.user", "yc.ai.languageModels.execute"])
      expect(card).toContain(seen);
    expect(card).toMatch(new RegExp(`${used.id}\\s+expires in \\d+ years, used (now|\\d+ seconds? ago)`));
    expect(card).toMatch(new RegExp(`${expired.id}\\s+expired \\d+ years ago, never used`));
    expect(await page.locator(".bad time").first().getAttribute("title")).toBe("2020-01-01T00:00:00Z");
    expect(await cardOf(page, "deployer")).toContain("admin on cloud local");
  });

  it("shows equal calls as one, and the probes of a key apart from errors", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { used } = await look(cloud, browser);
    using api = openApi(cloud, "grpc");
    for (let at = 0; at < 3; at++) await api.call("FolderService/Get", { folderId: cloud.folderId });
    const authorization = `Api-Key ${used.secret}`;
    const ask = (path: string, headers: Record<string, string>) =>
      fetch(`${cloud.url}${path}`, { method: "POST", body: "{}", headers: { authorization, ...headers } });
    await ask("/v1/chat/completions", probe);
    await ask("/v1/embeddings", probe);
    await ask("/speech/v1/tts:synthesize", probe);
    await ask("/v1/chat/completions", {});
    const page = await browser.newPage();
    await page.goto(cloud.url);

    expect((await callsOf(page)).slice(0, 4)).toEqual([
      ["POST /v1/chat/completions", "INVALID_ARGUMENT", "shop"],
      ["Probe of a key: 1 call", "key refused", "shop"],
      ["Probe of a key: 2 calls", "key let in", "shop"],
      ["FolderService/Get\n× 4", "OK", "deployer"],
    ]);
  });

  it("folds all but the last calls", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page } = await look(cloud, browser);
    using api = openApi(cloud, "grpc");
    for (let at = 0; at < 20; at++) {
      await api.call("FolderService/Get", { folderId: cloud.folderId });
      await api.call("CloudService/Get", { cloudId: cloud.cloudId });
    }
    await page.reload();

    const earlier = page.locator("#calls details");
    expect(await page.locator("#calls > ol > li").count()).toBe(10);
    expect(await earlier.locator("summary").innerText()).toBe("32 earlier calls");
    expect(await earlier.locator("li").first().isVisible()).toBe(false);
    await earlier.locator("summary").click();
    expect(await earlier.locator("li").first().isVisible()).toBe(true);
  });

  it("shows what happens without a reload, keeps open what is open, and says when the cloud does not answer", async () => {
    const cloud = await startCloud();
    await using browser = await openBrowser();
    using api = openApi(cloud, "grpc");
    for (let at = 0; at < 8; at++) {
      await api.call("FolderService/Get", { folderId: cloud.folderId });
      await api.call("CloudService/Get", { cloudId: cloud.cloudId });
    }
    const { page } = await look(cloud, browser);
    await page.locator("summary").click();

    cloud.addAccount({ name: "newcomer" });
    await page.locator("h4 b:text-is('newcomer')").waitFor();
    await api.call("FolderService/Get", { folderId: cloud.folderId });
    await page.locator("#calls small", { hasText: "× 2" }).first().waitFor();
    expect(await page.locator("#calls details").getAttribute("open")).not.toBeNull();
    expect(await page.evaluate(`getComputedStyle(document.querySelector(".state b"), "::after").content`)).toBe(
      '"live"',
    );

    await cloud.close();
    await page.locator("body.lost").waitFor();
  });

  it("is a whole page where scripts do not run", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page, account } = await look(cloud, browser, { javaScriptEnabled: false });

    expect(await page.locator("article").first().innerText()).toContain(account);
    expect(await page.locator("button").first().isVisible()).toBe(false);
  });

  it("shows no secret, and names as text whatever they hold", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page, used, expired, requests } = await look(cloud, browser);
    const source = await page.content();

    for (const secret of [used.secret, expired.secret, cloud.token]) expect(source).not.toContain(secret);
    expect(await page.locator("h3 b").allInnerTexts()).toContain(HOSTILE);
    expect(await page.locator("img").count()).toBe(0);
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.title()).toBe("Local cloud");
    expect(new Set(requests)).toEqual(new Set([`${cloud.url}/`]));
  });

  it("runs no script but its own", async () => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page } = await look(cloud, browser);

    await page.evaluate(`{
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken'";
      document.body.append(script);
    }`);

    expect(await page.title()).toBe("Local cloud");
  });

  it.each(["light", "dark"] as const)("can be read where colours are %s", async (colorScheme) => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page } = await look(cloud, browser, { colorScheme });

    const pairs = await page.evaluate<[string, string][]>(`
      [...document.querySelectorAll("h1, h2, h3, h4, p, a, b, small, dt, dd, code, button, span, summary")].map((text) => {
        let behind = text;
        while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)") behind = behind.parentElement;
        return [getComputedStyle(text).color, getComputedStyle(behind).backgroundColor];
      })`);
    const contrasts = pairs.map(([ink, paper]) => contrast(channels(ink), channels(paper)));

    expect(pairs.map(([, paper]) => brightness(channels(paper)) > 0.5)).not.toContain(colorScheme === "dark");
    expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
  });

  it.each([1280, 390])("breaks no ID and needs no scrolling sideways at %i pixels", async (width) => {
    await using cloud = await startCloud();
    await using browser = await openBrowser();
    const { page } = await look(cloud, browser, { viewport: { width, height: 844 } });

    const { clientWidth, scrollWidth, cut, height, broken } = await page.evaluate<Record<string, number>>(`({
      clientWidth: document.documentElement.clientWidth,
      scrollWidth: document.documentElement.scrollWidth,
      height: document.documentElement.scrollHeight,
      cut: [...document.querySelectorAll("dd, h4, li")].filter((box) => box.scrollWidth > box.clientWidth).length,
      broken: [...document.querySelectorAll("code")].filter((id) => id.getClientRects().length > 1).length,
    })`);

    expect({ scrollWidth, cut, broken }).toEqual({ scrollWidth: clientWidth, cut: 0, broken: 0 });
    expect(height).toBeLessThan(3 * 844);
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
