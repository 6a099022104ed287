import type { Page } from "playwright-core";
import { capabilityTable } from "../../components/capabilities";
import { type Format, render, review } from "../../review";
import { APPLICATION, digestOf, UNKNOWN } from "../review/digest";
import { markup, previewOf } from "../review/hostileNames";
import { account, grant, key, NOW, oldKey, own } from "../review/shop";
import { openBrowser, openRenderers } from "../support/browser";
import { startPull } from "./pullRequest";

const changes = digestOf(
  [
    { op: "create", type: APPLICATION, name: "shop" },
    { ...own, op: "create", id: undefined, before: undefined },
    grant({ role: "ai.languageModels.user", member: UNKNOWN }, { madeFrom: { member: "shop" } }),
    grant({ role: "admin", member: UNKNOWN }, { name: "wide", madeFrom: { member: "shop" } }),
    key({ expiresAt: undefined, serviceAccountId: UNKNOWN }, { madeFrom: { serviceAccountId: "shop" } }),
    oldKey({}, { application: "sunset", id: account }),
  ],
  { diagnostics: [{ severity: "warning", message: "The quota\nof keys is nearly used." }] },
);
const show = (digest: string, format: Format) =>
  render(review(digest, capabilityTable, NOW, { commit: "1f2e3d4c5b6a7988" }), format, NOW);

describe("a review as a page shows it", () => {
  it("has a heading for each application, a list of what it gains, and a folded table of all resources", async () => {
    await using page = await openPage();
    await page.markdown(await commentOf(show(changes, "markdown")));

    expect(await page.texts("h3")).toEqual(["Access review: shop / dev at 1f2e3d4c5b6a"]);
    expect(await page.texts("h4")).toEqual(["shop (new)", "sunset"]);
    expect(await page.texts("li")).toEqual(
      expect.arrayContaining([expect.stringMatching(/^🟢 gains .*text/), expect.stringMatching(/^⚠️ .*admin/)]),
    );
    expect(await page.texts("td")).toEqual([]);
    await page.tab.click("summary");
    expect(await page.tab.locator("tbody tr").count()).toBe(5);
    expect(new Set(await page.cells())).toEqual(new Set([3]));
    expect(await page.leftovers()).toEqual([]);
    expect(await page.texts("p a")).toEqual(["run"]);
  });

  it("shows the reason in a code block where a commit has no review", async () => {
    await using page = await openPage();
    await using pull = await startPull();
    pull.write("failure", "error: <b>the lock</b> of `dev` is held by *another* run\n```\n### Agreed");
    await pull.comment("dev", undefined, { FAILURE_FILE: pull.path("failure") });
    await page.markdown(pull.comments[0]!.body);

    expect(await page.texts("h3")).toEqual(["No review of 1f2e3d4c5b6a for stack dev"]);
    expect(await page.texts("pre code")).toEqual([
      "error: <b>the lock</b> of `dev` is held by *another* run\n```\n### Agreed\n",
    ]);
    expect(await page.tab.locator("b, em").count()).toBe(0);
  });

  it("shows the note below the folded table where the comment is cut", async () => {
    await using page = await openPage();
    const rows = "| 🟢 create | `a:b:C` `one` |  |\n".repeat(4_000);
    await page.markdown(
      await commentOf(`### Review\n\n<details><summary>All</summary>\n\n|a|b|c|\n|-|-|-|\n${rows}\n</details>`),
    );

    expect(await page.texts("td")).toEqual([]);
    expect(await page.texts("p")).toContain("The rest is too long for a comment; see the page of the run.");
  });

  it("shows hostile names as text, without a link, an image or a heading of theirs", async () => {
    await using page = await openPage();
    const [plain, ...shapes] = await page.shapes(["x", ...markup].map((text) => show(previewOf(text), "markdown")));

    expect(plain).not.toContain("a");
    expect(shapes).toEqual(markup.map(() => plain));
  });

  it("draws the graph of roles, keys and scopes", async () => {
    await using page = await openPage();
    await page.mermaid(show(changes, "mermaid"));

    expect(await page.texts(".node.gained")).toEqual(
      expect.arrayContaining([expect.stringMatching(/^shop/), "ai.languageModels.user", "admin", "key · created"]),
    );
    expect(await page.texts(".node.lost")).toContain("key · deleted");
    expect(await page.texts(".edgeLabel")).toContain("opens");
  });

  it("draws the same graph whatever the names are", async () => {
    await using page = await openPage();
    const drawn = [];
    for (const text of ["x", ...markup]) {
      await page.mermaid(show(previewOf(text), "mermaid"));
      drawn.push([text, await page.tab.locator(".node").count()]);
    }
    const [[, nodes]] = drawn as [[string, number]];
    expect(nodes).toBeGreaterThan(3);
    expect(drawn).toEqual(["x", ...markup].map((text) => [text, nodes]));
  });
});

/** The comment that the workflow writes for a review. */
async function commentOf(text: string): Promise<string> {
  await using pull = await startPull();
  expect(await pull.comment("dev", text)).toMatchObject({ code: 0 });
  return pull.comments[0]!.body;
}

/** A page of a browser, which shows what the renderers make of a review and calls no host. */
async function openPage() {
  const renderers = await openRenderers();
  const browser = await openBrowser();
  const tab: Page = await browser.newPage({ viewport: { width: 900, height: 1200 } });
  const asked: string[] = [];
  await tab.route("**/*", (route) => {
    asked.push(route.request().url());
    return route.abort();
  });
  const markdown = async (text: string) => tab.setContent((await renderers.html([text]))[0]!);
  return {
    tab,
    markdown,
    async mermaid(text: string) {
      if (!(await tab.evaluate(() => "mermaid" in globalThis))) await tab.addScriptTag({ path: renderers.mermaid });
      await tab.evaluate(async (graph) => {
        const { document, mermaid } = globalThis as unknown as MermaidPage;
        document.body.innerHTML = "<pre></pre>";
        document.querySelector("pre")!.textContent = graph;
        mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });
        await mermaid.run({ querySelector: "pre" });
      }, text);
    },
    /** The texts of the elements that a reader sees. */
    texts: (selector: string): Promise<string[]> =>
      tab
        .locator(selector)
        .evaluateAll((all) =>
          (all as unknown as Element[])
            .filter((each) => each.checkVisibility())
            .map(({ innerText, textContent }) => innerText ?? textContent.trim()),
        ),
    /** How many cells each row of the table has. */
    cells: () => tab.locator("tbody tr").evaluateAll((rows) => rows.map((row) => row.children.length)),
    /** Words of Markdown that the renderer left as they are, outside of code. */
    leftovers: () =>
      tab.evaluate(() => {
        const { document } = globalThis as unknown as MermaidPage;
        for (const code of document.querySelectorAll("code")) code.remove();
        return document.body.innerText!.match(/\*\*|`|^#+ |^\|/gm) ?? [];
      }),
    /** The elements of each text's page by name, in order. */
    async shapes(texts: string[]): Promise<string[][]> {
      const all = [];
      for (const html of await renderers.html(texts)) {
        await tab.setContent(html);
        all.push(
          await tab.evaluate(() => {
            const { document } = globalThis as unknown as MermaidPage;
            return [...document.body.querySelectorAll("*")].map(({ tagName }) => tagName.toLowerCase());
          }),
        );
      }
      return all;
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
      expect(asked).toEqual([]);
    },
  };
}

interface Element {
  tagName: string;
  textContent: string;
  /** Elements of a drawing have none. */
  innerText: string | undefined;
  innerHTML: string;
  checkVisibility(): boolean;
  remove(): void;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}
/** What the functions that run in the page use of it. */
interface MermaidPage {
  document: Element & { body: Element };
  mermaid: { initialize(options: object): void; run(options: object): Promise<void> };
}
