import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../provider/schema/package";
import { advanceTo, startStackOn } from "../support/access";
import { startCloud } from "../support/cloud";
import type { Stack } from "../support/stack";
import { ADOPTED, recordedProgram } from "./recordedProgram";

/** Where the recorded states are kept, one file a version. */
export const FOLDER = join(__dirname, "recorded");

/** A stack as a version has left it, with the cloud that it stands for. */
export interface Recording {
  version: string;
  /** The clock of both at the end, RFC 3339. */
  at: string;
  /** The state as the engine keeps it: secrets are sealed with the passphrase of the tests' stacks. */
  stack: Awaited<ReturnType<Stack["engine"]["exportStack"]>>;
  /** The emulator's state file: of secrets it has hashes. */
  cloud: { tables: Record<string, Record<string, unknown>> };
}

const FIRST_RUN = "2027-02-20T10:00:00Z";
/** In the overlap: the state holds two keys of one application. */
const SECOND_RUN = "2027-04-05T10:00:00Z";

/** Runs the recorded program with the present version, and writes down how it leaves the stack and the cloud. */
export async function record(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "recording-"));
  const stateFile = join(folder, "state.json");
  try {
    await using cloud = await startCloud({ stateFile, ...clockAt(FIRST_RUN) });
    cloud.addAccount({ name: ADOPTED });
    await using stack = await startStackOn(cloud, recordedProgram, { protection: "passphrase" });
    advanceTo(cloud, stack, FIRST_RUN);
    await stack.up();
    advanceTo(cloud, stack, SECOND_RUN);
    await stack.up();
    const state = JSON.parse(await readFile(stateFile, "utf8")) as Recording["cloud"];
    const recording: Recording = {
      version,
      at: SECOND_RUN,
      stack: withoutPlaces(await sealedState(stack)),
      cloud: { ...state, tables: JSON.parse(cloud.dump()) as Recording["cloud"]["tables"] },
    };
    await writeFile(join(FOLDER, `${version}.json`), `${JSON.stringify(recording, null, 2)}\n`);
  } finally {
    delete process.env["AI_STUDIO_ACCESS_NOW"];
    await rm(folder, { recursive: true, force: true });
  }
}

/** From the backend itself, because the automation API exports secrets in clear. */
async function sealedState({ folder }: Stack): Promise<Recording["stack"]> {
  const text = await readFile(join(folder, ".pulumi", "stacks", "shop", "dev.json"), "utf8");
  const { version, checkpoint } = JSON.parse(text) as { version: number; checkpoint: { latest: object } };
  return { version, deployment: checkpoint.latest };
}

/** Without what the engine notes of the machine: where in the program a resource was declared. */
function withoutPlaces(stack: Recording["stack"]): Recording["stack"] {
  const resources = (stack.deployment.resources as Record<string, unknown>[]).map(
    ({ sourcePosition: _position, stackTrace: _trace, ...resource }) => resource,
  );
  return { ...stack, deployment: { ...stack.deployment, resources } };
}

/** The cloud and the stack of a recording, as they go on from there with the present version. */
export async function replay(file: string) {
  const recording = JSON.parse(await readFile(join(FOLDER, file), "utf8")) as Recording;
  const folder = await mkdtemp(join(tmpdir(), "recorded-"));
  const stateFile = join(folder, "state.json");
  await writeFile(stateFile, JSON.stringify(recording.cloud));
  const cloud = await startCloud({ stateFile, ...clockAt(recording.at) });
  const stack = await startStackOn(cloud, recordedProgram, { protection: "passphrase" });
  await stack.engine.importStack(recording.stack);
  process.env["AI_STUDIO_ACCESS_NOW"] = recording.at;
  return {
    cloud,
    stack,
    async [Symbol.asyncDispose]() {
      delete process.env["AI_STUDIO_ACCESS_NOW"];
      await stack[Symbol.asyncDispose]();
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A clock that starts then and goes as fast as any other. */
function clockAt(moment: string) {
  const started = Date.now();
  return { clock: () => Date.parse(moment) + Date.now() - started };
}
