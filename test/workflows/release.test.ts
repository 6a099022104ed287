import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { version } from "../../package.json";
import { openRelease } from "../support/release";
import { HERE, readWorkflow, runWorkflow } from "./github";

const SERVER = "https://github.com";
const ENTRY = `# Changelog\n\n## Unreleased\n\n## ${version}, 1 December 2026\n\n- provider: the first.\n\n## 0.9.0\n\n- before\n`;

describe("the release workflow", () => {
  let release: Awaited<ReturnType<typeof openRelease>>;
  beforeAll(async () => (release = await openRelease()));
  afterAll(() => release[Symbol.asyncDispose]());
  const startTag = (changes?: Partial<Changes>) => startTagOf(release.path("dist"), changes);

  it("publishes what was packed, each file with its sum, and shows the release last", async () => {
    using tag = startTag();

    const [job] = await tag.push(`v${version}`);

    expect([job?.code, job?.code === 0 ? "" : job?.log]).toEqual([0, ""]);
    const npm = ["yandex-aistudio", "yandex-aistudio-emulator"].map(
      (name) => `npm publish ./dist/${name}-${version}.tgz --access public --provenance`,
    );
    const modules = ["yandex", "yandex-aistudio"].map(
      (name) =>
        `gh api repos/${HERE}/git/refs --raw-field ref=refs/tags/sdks/go/${name}/v${version} --raw-field sha=of-the-tag`,
    );
    expect(tag.done()).toEqual([
      expect.stringMatching(new RegExp(`^gh release create v${version} dist/SHA256SUMS dist/.* --verify-tag --draft `)),
      ...npm,
      `pipx run twine==7.0.0 upload --non-interactive --skip-existing dist/pulumi_yandex_aistudio-${version}.tar.gz`,
      ...modules,
      `gh release edit v${version} --draft=false`,
    ]);
    expect(tag.notes()).toBe("- provider: the first.\n");
    expect(tag.sums()).toContain("sbom.cdx.json");
  });

  it("leaves what is published already as it is, when a run is repeated", async () => {
    using tag = startTag({ published: true });

    const [job] = await tag.push(`v${version}`);

    expect(job?.code).toBe(0);
    expect(tag.done()).toEqual([
      expect.stringMatching(/^pipx run twine\S+ upload .*--skip-existing/),
      `gh release edit v${version} --draft=false`,
    ]);
  });

  it("lists in CycloneDX the libraries that the packages are built from", async () => {
    using tag = startTag();
    await tag.push(`v${version}`);

    const { bomFormat, components } = tag.sbom();

    expect(bomFormat).toBe("CycloneDX");
    expect(components.map(({ purl }) => purl.replace(/@[^@]*$/, ""))).toEqual(
      expect.arrayContaining(["pkg:npm/%40grpc/grpc-js", "pkg:npm/%40pulumi/pulumi", "pkg:npm/openpgp"]),
    );
  });

  it.each<[string, string, Partial<Changes>, string]>([
    ["the tag is another version", "v9.9.9", {}, `The tag v9.9.9 is not the version ${version} of package.json`],
    [
      "the changelog has no entry",
      `v${version}`,
      { changelog: "## Unreleased\n" },
      `CHANGELOG.md has no entry for ${version}`,
    ],
    ["the packages name no repository", `v${version}`, { repository: "" }, "say that they come from nowhere"],
    [
      "it runs in a fork",
      `v${version}`,
      { repository: `${SERVER}/owner/name` },
      `come from ${SERVER}/owner/name, and this is`,
    ],
  ])("publishes nothing, and says why in a sentence, where %s", async (_why, name, changes, sentence) => {
    using tag = startTag(changes);

    const [job] = await tag.push(name);

    expect(job?.code).toBe(1);
    expect(job?.log.trim().split("\n")).toEqual([expect.stringContaining(sentence)]);
    expect(tag.done()).toEqual([]);
  });

  it("has the rights to write a release and to prove who it is, in an environment of its own, and no secret", () => {
    const { permissions, jobs } = readWorkflow("release.yml");

    expect(permissions).toEqual({});
    expect(Object.values(jobs).map((job) => [job.environment, job.permissions])).toEqual([
      ["release", { contents: "write", "id-token": "write", attestations: "write" }],
    ]);
    expect(readFileSync(".github/workflows/release.yml", "utf8")).not.toContain("secrets.");
  });
});

interface Component {
  purl: string;
}

interface Changes {
  changelog: string;
  repository: string;
  /** Whether the registries and GitHub have everything. */
  published: boolean;
}

/** A tagged commit with a changelog and a repository, what it packs, and registries. */
function startTagOf(
  packed: string,
  { changelog = ENTRY, repository = `${SERVER}/${HERE}`, published = false }: Partial<Changes> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "tag-"));
  const path = (...names: string[]) => join(folder, ...names);
  for (const name of ["bin", "temp", "checkout/provider/schema"]) mkdirSync(path(name), { recursive: true });
  for (const name of ["toolchain", "package.json", "package-lock.json"])
    cpSync(name, path("checkout", name), { recursive: true });
  writeFileSync(path("checkout", "CHANGELOG.md"), changelog);
  writeFileSync(path("checkout/provider/schema/schema.json"), JSON.stringify(repository ? { repository } : {}));
  writeFileSync(path("done"), "");

  // Each says what it was asked to do.
  const says = `case "$1 $2" in *view*|*git/ref/*) exit ${published ? 0 : 1};; esac\necho "$(basename "$0") $*" >> "${path("done")}"\n`;
  const sbom = `PATH="${process.env.PATH}" exec npm "$@"`;
  const npm = `case "$1" in run) cp -r "${packed}" dist; exit;; sbom) ${sbom};; esac\n${says}`;
  for (const [name, text] of Object.entries({ npm, gh: says, pipx: says })) {
    writeFileSync(path("bin", name), `#!/bin/sh\n${text}`);
    chmodSync(path("bin", name), 0o755);
  }
  const read = (...names: string[]) => readFileSync(path(...names), "utf8");
  return {
    notes: () => read("temp", "notes.md"),
    done: () => read("done").replaceAll(path("temp"), "temp").split("\n").filter(Boolean),
    sums: () => read("checkout", "dist", "SHA256SUMS"),
    sbom: () => JSON.parse(read("checkout", "dist", "sbom.cdx.json")) as { bomFormat: string; components: Component[] },
    push: (name: string) =>
      runWorkflow(
        "release.yml",
        { name: "push" },
        {
          environments: {},
          checkOut: () => ({ folder: path("checkout"), [Symbol.dispose]: () => undefined }),
          env: {
            PATH: [path("bin"), dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
            GITHUB_SERVER_URL: SERVER,
            GITHUB_REPOSITORY: HERE,
            GITHUB_REF_NAME: name,
            GITHUB_SHA: "of-the-tag",
            RUNNER_TEMP: path("temp"),
          },
          identity: () => ({}),
        },
      ),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
