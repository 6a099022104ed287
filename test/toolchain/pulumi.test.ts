import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { startMachine, writeProgram } from "./machine";

const platform = `${process.platform}-${process.arch}`;
const official = `/cache/yandex-ai-access/pulumi-3.259.0-${platform}/bin`;
const built = `/cache/yandex-ai-access/pulumi-3.274.1-${platform}/bin`;

/** A go that makes the file it is asked for, and keeps a log of what it was asked for. */
const GO = `
while [ $# -gt 0 ]; do [ "$1" = -o ] && file="$2"; last="$1"; shift; done
echo "$last" >> "$LOG"
echo made > "$file"`;

const TAR = { tar: 'exec /bin/tar "$@"', gzip: 'exec /bin/gzip "$@"' };

/** The folder that holds the CLI, or the sentence that says why it is missing. */
const find = async (machine: ReturnType<typeof startMachine>) =>
  (await machine.call("pulumi.mjs", "ensurePulumi")).answer.trim();

describe("the Pulumi CLI", () => {
  it.each([
    ["new enough", { pulumi: "echo v3.300.0", "pulumi-language-nodejs": "" }, "/bin"],
    ["the oldest that will do", { pulumi: "echo v3.256.0", "pulumi-language-nodejs": "" }, "/bin"],
    ["too old", { pulumi: "echo v3.255.9", "pulumi-language-nodejs": "", go: GO }, built],
    ["without a language host", { pulumi: "echo v3.300.0", go: GO }, built],
    ["broken", { pulumi: "exit 1", "pulumi-language-nodejs": "", go: GO }, built],
  ])("is used from PATH if it will do: %s", async (_what, programs, expected) => {
    await using machine = startMachine({ programs });

    expect(await find(machine)).toBe(expected);
  });

  it.each([
    ["linux", "3.256.0"],
    ["win32", "3.274.1"],
  ])("is used from PATH of %s if it reads the addresses of folders there: at least %s", (system, version) => {
    const program = `Object.defineProperty(process, "platform", { value: "${system}" });
      console.log((await import("./toolchain/versions.mjs")).oldest.pulumi);`;
    expect(execFileSync(process.execPath, ["--input-type=module", "--eval", program], { encoding: "utf8" })).toBe(
      `${version}\n`,
    );
  });

  it("is downloaded where its hash is the recorded one, also behind a service that is busy", async () => {
    await using machine = startMachine({ download: release(), failures: [503, 429], programs: { ...TAR, go: GO } });
    machine.record(machine.hashOf(release()));

    expect(await find(machine)).toBe(official);
    expect(readFileSync(machine.path(official, "pulumi"), "utf8")).toMatch("official");
    expect(existsSync(machine.path("log"))).toBe(false);
  });

  it("is refused if its hash is another: nothing of it is unpacked, and the CLI is built instead", async () => {
    const program = "echo ran >> $LOG";
    await using machine = startMachine({ download: release(program), programs: { ...TAR, go: GO } });

    const { answer, said } = await machine.call("pulumi.mjs", "ensurePulumi");

    expect(answer.trim()).toBe(built);
    expect(said).toMatch(
      `The official Pulumi CLI 3.259.0 is not used: pulumi-v3.259.0-${platform}.tar.gz has SHA-256 ${machine.hashOf(release(program))}, and toolchain/versions.mjs records `,
    );
    expect(machine.cache()).toEqual([`pulumi-3.274.1-${platform}`]);
    expect(readFileSync(machine.path("log"), "utf8")).not.toMatch("ran");
  });

  it("is not even asked for where no hash is recorded for the platform", async () => {
    await using machine = startMachine({ download: release(), programs: { ...TAR, go: GO } });
    machine.record(undefined);

    const { answer, said } = await machine.call("pulumi.mjs", "ensurePulumi");

    expect(answer.trim()).toBe(built);
    expect(said).toMatch(`The official Pulumi CLI 3.259.0 is not used: no hash of it is recorded for ${platform}.\n`);
  });

  it("is built once from its Go modules where the download is out of reach", async () => {
    await using machine = startMachine({ programs: { go: GO } });

    const first = await machine.call("pulumi.mjs", "ensurePulumi");
    const second = await machine.call("pulumi.mjs", "ensurePulumi");

    expect(first.said).toMatch(
      "The official Pulumi CLI 3.259.0 is not used: there is no network or no name service.\n",
    );
    expect(first.said).toMatch("Building the Pulumi CLI 3.274.1 from its Go modules (3 to 6 minutes");
    expect(second).toEqual({ code: 0, answer: `${built}\n`, said: "" });
    expect(readFileSync(machine.path("log"), "utf8").trim().split("\n")).toEqual([
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
      "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    ]);
  });

  it("is built by two clones at the same time without harm", async () => {
    await using machine = startMachine({ programs: { go: GO } });

    const folders = await Promise.all([find(machine), find(machine)]);

    expect(folders).toEqual([built, built]);
    expect(machine.cache()).toEqual([`pulumi-3.274.1-${platform}`]);
  });

  it("needs Go where there is no download, and says so", async () => {
    await using machine = startMachine();

    expect(await find(machine)).toBe(
      "Go is not on PATH, and building pulumi needs it: install Go 1.21 or newer, then run this again.",
    );
    expect(machine.cache()).toEqual([]);
  });

  it.each([
    ["go: go.mod requires go >= 1.26.6 (running go 1.22.1; GOTOOLCHAIN=local)", "Go 1.26.6 or newer is needed"],
    ["go.mod:3: invalid go version '1.26.6': must match format 1.23", "Go 1.26.6 or newer is needed"],
    ["dial tcp: lookup proxy.golang.org: no such host", "there is no network or no name service"],
    ["write /x/y.o: no space left on device", "the disk is full"],
    ["x.go:1: syntax error", "x.go:1: syntax error"],
  ])("says why it could not be built: %s", async (printed, reason) => {
    await using machine = startMachine({ programs: { go: `echo "${printed}" >&2; exit 1` } });

    expect(await find(machine)).toBe(`Building pulumi did not succeed (${reason}): see to that, then run this again.`);
    expect(machine.cache()).toEqual([]);
  });
});

/** An archive that is laid out like a release, the same bytes each time. */
function release(program = "echo official"): Buffer {
  const machine = startMachine();
  mkdirSync(machine.path("pulumi"));
  writeProgram(machine.path("pulumi", "pulumi"), program);
  const same = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0"];
  const archive = gzipSync(execFileSync("tar", ["-cf", "-", ...same, "-C", machine.path(), "pulumi"]));
  void machine[Symbol.asyncDispose]();
  return archive;
}
