import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { startCloud } from "../support/cloud";
import { startReader } from "./document";

const root = join(__dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const [, section = ""] = readme.split("\n## Call it\n");
const blocks = (language: string) =>
  Array.from(section.matchAll(new RegExp("```" + language + "\\n([^]*?)```", "g")), ([, block = ""]) => block);

const pages = ["README.md", "README.ru.md", "CONTRIBUTING.md", "DESIGN.md", "SECURITY.md", "CHANGELOG.md"];

describe("README.md", () => {
  it("calls AI Studio from curl, Node.js and Python with the key of the application", async () => {
    await using cloud = await startCloud();
    await using reader = startReader(cloud);
    expect(await reader.sh("npm start -- --stack dev --yes")).toMatchObject({ code: 0 });
    const [env = "", curl = ""] = blocks("sh");
    const [node = ""] = blocks("js");
    const [python = ""] = blocks("python");
    writeFileSync(join(reader.folder, "call.mjs"), node);
    writeFileSync(join(reader.folder, "call.py"), python);
    const calls = [curl, "node --env-file=.env call.mjs", "python3 call.py"];

    const { code, output } = await reader.sh([env.replace("--app", "--stack dev --app"), ...calls].join("\n"));

    expect([code, output]).toEqual([0, expect.stringContaining("Hello from curl")]);
    for (const name of ["Node.js", "Python"]) expect(output).toContain(`Hello from ${name}`);
  });

  it.each(pages)("links only files that exist: %s", (page) => {
    const text = readFileSync(join(root, page), "utf8");
    const links = Array.from(text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g), ([, link = ""]) => link);

    expect(links.filter((link) => !existsSync(join(root, dirname(page), link)))).toEqual([]);
  });
});
