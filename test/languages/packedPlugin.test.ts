import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import schema from "../../languages/schema.json";
import { chat } from "../support/access";
import { startCloud } from "../support/cloud";
import { temporaryFolder } from "../support/folder";
import { listen } from "../support/listen";
import { archiveOf, environmentIn, here, openRelease, version } from "../support/release";
import { run } from "../support/run";
import { ensure, pathWith } from "./languageHost";
import { linesOf, programOf } from "./page";

/** What a generated SDK does for a program: it registers a component by its name in a package. */
const PROGRAM = `
const { ComponentResource } = require("@pulumi/pulumi");
class AiStudioAccess extends ComponentResource {
  constructor(name, args) {
    const outputs = { apiKey: undefined, serviceAccountName: undefined };
    super("yandex-aistudio:index:AiStudioAccess", name, { ...outputs, ...args }, { version: "${version}" }, true);
  }
}
const { apiKey, serviceAccountName } = new AiStudioAccess("shop", { capabilities: ["textGeneration"] });
module.exports = { apiKey, serviceAccountName };`;

describe("the packed plug-in of the component", () => {
  let release: Awaited<ReturnType<typeof openRelease>>;
  beforeAll(async () => (release = await openRelease()));
  afterAll(() => release[Symbol.asyncDispose]());

  it("installs into an empty home by the lines of docs/languages.md, and serves programs of other languages from there", async () => {
    await using cloud = await startCloud();
    using machine = temporaryFolder();
    const path = (...names: string[]) => join(machine.path, ...names);
    for (const folder of ["home", "state", "program", "yaml"]) mkdirSync(path(folder));
    writeFileSync(path("program", "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(path("program", "index.js"), PROGRAM);
    symlinkSync(join(process.cwd(), "node_modules"), path("program", "node_modules"));
    const env = environmentIn(path, cloud);
    const pulumi = (...args: string[]) => run("pulumi", [...args, "--non-interactive"], { cwd: path("program"), env });
    await pulumi("stack", "init", "dev");

    const without = await pulumi("up", "--yes", "--skip-preview");
    const install = linesOf("Install the plugins").replaceAll("linux-amd64", here);
    const installed = await run("bash", ["-e", "-c", install], { env: { ...env, DIST: release.path("dist") } });
    const served = await pulumi("package", "get-schema", `yandex-aistudio@${version}`);
    writeFileSync(path("yaml", "Pulumi.yaml"), `name: yaml\nruntime: yaml\n${programOf("yaml")}`);
    const PATH = pathWith(await ensure("ensureLanguageHost", "yaml"));
    const checkout = await run("pulumi", ["install"], { cwd: path("yaml"), env: { ...env, PATH } });
    const up = await pulumi("up", "--yes", "--skip-preview");
    const { output: key } = await pulumi("stack", "output", "apiKey", "--show-secrets");
    const answer = await chat(cloud, key.trim());
    const destroy = await pulumi("destroy", "--yes", "--skip-preview");

    expect(installed).toMatchObject({ code: 0 });
    expect([checkout.code, checkout.output]).toEqual([0, expect.not.stringContaining("error")]);
    expect(without.output).toContain("no resource plugin 'pulumi-resource-yandex-aistudio' found");
    expect(JSON.parse(served.output)).toMatchObject({ name: schema.name, resources: schema.resources });
    expect(JSON.parse(release.read(`yandex-aistudio-${version}.schema.json`).toString())).toEqual(schema);
    expect(up.output).toMatch(/yandex-aistudio:index:AiStudioAccess shop creat/);
    expect(answer).toBe("200");
    expect(destroy.output).toContain("yandex:index:IamServiceAccountApiKey shop deleted");
    expect(cloud.snapshot().apiKeys).toEqual([]);
  });

  it("installs from a web server that has the files of a release, if the archive has the sum that was given", async () => {
    await using cloud = await startCloud();
    using machine = temporaryFolder();
    const path = (...names: string[]) => join(machine.path, ...names);
    mkdirSync(path("home"));
    await using server = await startServer((file) => release.read(file));
    const env = { ...environmentIn(path, cloud), PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES: undefined };
    const install = (sum: string) =>
      run("pulumi", ["plugin", "install", "resource", "yandex", version, "--server", server.url, "--checksum", sum], {
        env,
      });
    const archive = archiveOf("yandex");
    const [sum = ""] = new RegExp(`^\\S+(?=  ${archive}$)`, "m").exec(release.read("SHA256SUMS").toString()) ?? [];

    const wrong = await install("0".repeat(64));
    const right = await install(sum);
    const served = await run("pulumi", ["package", "get-schema", `yandex@${version}`], { env });

    expect([wrong.code, wrong.output]).toEqual([expect.any(Number), expect.stringContaining("checksum")]);
    expect(wrong.code).not.toBe(0);
    expect(right).toMatchObject({ code: 0 });
    expect(JSON.parse(served.output)).toMatchObject({ name: "yandex", version });
    expect(new Set(server.asked)).toEqual(new Set([archive]));
  });
});

/** A web server of files. */
async function startServer(read: (file: string) => Buffer) {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url.slice(1));
    response.end(read(url.slice(1)));
  });
  return { asked, ...(await listen(server)) };
}
