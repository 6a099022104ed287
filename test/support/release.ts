import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Emulator } from "../../emulator/emulator";
import { version } from "../../package.json";

export { version };

const run = promisify(execFile);
const root = join(__dirname, "../..");

/** The platforms that a release is for, in the engine's words. */
export const platforms = ["linux", "darwin", "windows"].flatMap((system) =>
  ["amd64", "arm64"].map((machine) => `${system}-${machine}`),
);

/** The platform of this machine. */
export const here = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;

/** The archive of a package's plug-in. */
export const archiveOf = (name: string, platform = here): string =>
  `pulumi-resource-${name}-v${version}-${platform}.tar.gz`;

/** The environment of a CLI whose home, state and program lie in a folder, where nothing but the release can be found. */
export const environmentIn = (path: (...names: string[]) => string, cloud: Emulator) => ({
  PATH: process.env.PATH,
  HOME: path("home"),
  PULUMI_HOME: path("home", "pulumi"),
  PULUMI_BACKEND_URL: `file://${path("state")}`,
  PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  // `pulumi install` heeds only this one.
  PULUMI_PLUGIN_DOWNLOAD_URL_OVERRIDES: ".*=http://127.0.0.1:1",
  YC_ENDPOINT: cloud.endpoint,
  YC_PLAINTEXT: "true",
  YC_AI_ENDPOINT: cloud.url,
  YC_TOKEN: cloud.token,
  YC_FOLDER_ID: cloud.folderId,
});

/** A folder of its own with the release in `dist`: a copy of what a run of all tests has made for them, or a new one. */
export const openRelease = async () => {
  const made = process.env.TEST_RELEASE;
  if (!made) return makeRelease();
  const folder = openFolder();
  cpSync(made, folder.path("dist"), { recursive: true });
  return folder;
};

/** The same, made from the sources as they are. */
export const makeRelease = () => make("release.mjs", (root, folder) => `await made.makeRelease(${root}, ${folder});`);

/** The same with nothing but the SDKs of other languages. */
export const makeSdks = () =>
  make("packSdks.mjs", (root, folder) => `await made.packSdks(${root}, ${folder}, ${JSON.stringify(version)});`);

async function make(module: string, how: (root: string, folder: string) => string) {
  const folder = openFolder();
  const program = `const made = await import(${JSON.stringify(join(root, "toolchain", module))});
    ${how(JSON.stringify(root), JSON.stringify(folder.path("dist")))}`;
  await run(process.execPath, ["--input-type=module", "--eval", program], { env: { PATH: process.env.PATH } });
  return folder;
}

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  const path = (...names: string[]) => join(folder, ...names);
  mkdirSync(path("dist"));
  return {
    path,
    files: () => readdirSync(path("dist")).sort(),
    read: (name: string) => readFileSync(path("dist", name)),
    list: (name: string) =>
      execFileSync("tar", ["-tf", path("dist", name)], { encoding: "utf8" })
        .split("\n")
        .sort(),
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
  };
}
