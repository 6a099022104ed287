import { mkdirSync, writeFileSync } from "node:fs";
import { startMachine } from "./machine";

const NPM_CI = `
case "$*" in *ci*) /bin/mkdir -p node_modules; /bin/cp package-lock.json node_modules/.package-lock.json; echo ci >> "$LOG";; esac`;

describe("npm run <task>", () => {
  it("names the tasks there are when it is asked for another", async () => {
    await using machine = startMachine();

    const { code, said } = await machine.task("strat");

    expect(code).toBe(1);
    expect(said).toMatch(/^There is no task "strat": choose one of start, destroy, .*\.\n$/);
  });

  it("says that npm is missing", async () => {
    await using machine = startMachine();

    const { code, said } = await machine.task("lint");

    expect(code).toBe(1);
    expect(said).toBe("npm is not on PATH: install Node.js together with npm, then run this again.\n");
  });

  it.each([
    ["npm error code ENOSPC", "the disk is full"],
    ["npm error code EAI_AGAIN", "there is no network or no name service"],
    ["npm error 403 Forbidden - GET", "the registry refuses this machine"],
    ["npm error Missing: b@2 from lock file", "npm error Missing: b@2 from lock file"],
  ])("says what the packages could not be installed for: %s", async (printed, reason) => {
    await using machine = startMachine({ programs: { npm: `echo "${printed}" >&2; exit 1` } });

    const { code, said } = await machine.task("lint");

    expect(code).toBe(1);
    expect(said.split("\n")[1]).toBe(
      `The npm packages could not be installed (${reason}): see to that, then run this again.`,
    );
  });

  it("says it after npm run --silent, too", async () => {
    const npm = `case " $* " in *" --loglevel error "*) echo "npm error code ECONNREFUSED" >&2;; esac; exit 1`;
    await using machine = startMachine({ programs: { npm } });

    const { said } = await machine.task("lint");

    expect(said).toContain("could not be installed (the network refuses)");
  });

  it("installs the packages when they are missing or no longer what the lock file says, and only then", async () => {
    await using machine = startMachine({ programs: { npm: NPM_CI } });
    const install = () => machine.call("modules.mjs", "ensureModules");

    expect((await install()).said).toMatch(/^Installing the npm packages/);
    expect((await install()).said).toBe("");
    const newer = { packages: { "node_modules/a": { version: "2.0.0" } } };
    writeFileSync(machine.path("clone", "package-lock.json"), JSON.stringify(newer));
    expect((await install()).said).toMatch(/^Installing the npm packages/);
  });

  it("does without packages that are only for other platforms", async () => {
    await using machine = startMachine();
    const lock = { packages: { "node_modules/other-os": { version: "1.0.0", optional: true } } };
    writeFileSync(machine.path("clone", "package-lock.json"), JSON.stringify(lock));
    mkdirSync(machine.path("clone", "node_modules"));
    writeFileSync(machine.path("clone", "node_modules", ".package-lock.json"), JSON.stringify({ packages: {} }));

    expect((await machine.call("modules.mjs", "ensureModules")).said).toBe("");
  });
});

describe("a node that is too old", () => {
  const fetching = `
while [ $# -gt 0 ]; do [ "$1" = --prefix ] && into="$2"; last="$1"; shift; done
echo "$last" >> "$LOG"
name="\${last%@*}"
/bin/mkdir -p "$into/node_modules/$name/bin"
printf '#!/bin/sh\\necho "newer node runs $*"\\n' > "$into/node_modules/$name/bin/node"
/bin/chmod +x "$into/node_modules/$name/bin/node"`;

  it("is replaced by the pinned one from the npm registry, once", async () => {
    await using machine = startMachine({ node: "20.11.0", programs: { npm: fetching } });

    const first = await machine.task("lint", "x");
    const second = await machine.task("lint", "x");

    expect(first.said).toMatch(
      /^Fetching Node\.js 24\.21\.0, because 22\.21\.0 or newer is needed and this is 20\.11\.0/m,
    );
    expect(first.answer).toBe("newer node runs /clone/toolchain/main.mjs lint x\n");
    expect(second.answer).toBe("newer node runs /clone/toolchain/main.mjs lint x\n");
    expect(machine.cache()).toEqual([`node-24.21.0-${process.platform}-${process.arch}`]);
  });

  it("is all there is when the registry is out of reach, which is said", async () => {
    const npm = "echo 'npm error code ENOTFOUND' >&2; exit 1";
    await using machine = startMachine({ node: "20.11.0", programs: { npm } });

    const { code, said } = await machine.task("lint");

    expect(code).toBe(1);
    expect(said.split("\n")[1]).toBe(
      "Node.js 24.21.0 could not be fetched from the npm registry (there is no network or no name service): install Node.js 22.21.0 or newer, then run this again.",
    );
    expect(machine.cache()).toEqual([]);
  });
});
