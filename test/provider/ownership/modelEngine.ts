import { credentials } from "@grpc/grpc-js";
import type { Client, ServiceError } from "@grpc/grpc-js";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Emulator } from "../../../emulator/emulator";
import { serve } from "../../../provider/protocol/serve";
import { startTimeLimit } from "../../../provider/world";
import { testWorld } from "../../support/smallCloud";
import { until } from "../../support/until";

/** A resource as a state has it. */
interface Entry {
  urn: string;
  id: string;
  inputs: Struct;
  outputs: Struct;
  /** Its creation was not seen to its end, so that the next run updates it. */
  incomplete?: boolean;
}

/** One state: the ID that the engine gave its provider, its resources, and what replacements left to be deleted. */
export interface ModelState {
  id: string;
  resources: Map<string, Entry>;
  leftOver: Entry[];
}

/** By URN: the inputs of a resource. */
export type Program = Map<string, { [name: string]: JavaScriptValue }>;

/** The call of the cloud at which the engine and the plugin are killed: it has its effect, and nobody hears of it. */
export type Kill = "ApiKeyService/Create" | "FolderService/UpdateAccessBindings";

const SOON_MS = 1000;

class Killed extends Error {}

/**
 * What the engine does with a program, in its order: checks, compares and creates one resource after the other, and
 * deletes in the end what the program has no more. The provider is the real one, over gRPC, a new one for each run.
 * Gives whether the run came to its end without an error.
 */
export async function run(cloud: Emulator, state: ModelState, program: Program, kill?: Kill): Promise<boolean> {
  const env = { YC_ENDPOINT: cloud.endpoint, YC_PLAINTEXT: "true", YC_TOKEN: cloud.token };
  // Where the grant was there before, the killed call changes nothing in the cloud; then it soon ends unanswered.
  const timeLimit = (ms: number) => startTimeLimit(kill ? Math.min(ms, SOON_MS) : ms);
  await using provider = await serve({ ...testWorld({ timeLimit }), env });
  const client = new ResourceProviderClient(`127.0.0.1:${provider.port}`, credentials.createInsecure());
  if (kill) cloud.fault({ method: kill, when: "after", hang: true });
  const { call } = callsOf(cloud, client, kill);
  let isGood = true;
  const failed = (error: unknown) => {
    if (error instanceof Killed) throw error;
    isGood = false;
  };
  try {
    const settings = Struct.fromJavaScript({ folderId: cloud.folderId });
    const configure = new wire.ConfigureRequest().setArgs(settings).setAcceptsecrets(true).setId(state.id);
    await call("configure", configure);
    for (const [urn, inputs] of program) await register(state, urn, Struct.fromJavaScript(inputs), call).catch(failed);
    // The engine deletes nothing after a failure.
    if (!isGood) return false;
    for (const entry of [...state.leftOver])
      await remove(entry, call).then(() => void state.leftOver.splice(state.leftOver.indexOf(entry), 1), failed);
    for (const [urn, entry] of state.resources)
      if (!program.has(urn)) await remove(entry, call).then(() => void state.resources.delete(urn), failed);
    return isGood;
  } catch (error) {
    if (error instanceof Killed) return false;
    throw error;
  } finally {
    client.close();
    cloud.clearFaults();
  }
}

type Call = <Response>(method: string, request: unknown) => Promise<Response>;

function callsOf(cloud: Emulator, client: Client, kill: Kill | undefined): { call: Call } {
  const things = () => {
    const { apiKeys, grants } = cloud.snapshot();
    return JSON.stringify(kill === "ApiKeyService/Create" ? apiKeys.map(({ id }) => id) : grants);
  };
  const call = async <Response>(method: string, request: unknown): Promise<Response> => {
    const before = things();
    const answer = new Promise<Response>((resolve, reject) =>
      (
        client as unknown as Record<
          string,
          (request: unknown, done: (error: unknown, response: Response) => void) => void
        >
      )[method]!(request, (error, response) => (error ? reject(error as Error) : resolve(response))),
    );
    const isHit = () => things() !== before;
    if (kill && method !== "delete") {
      let answered = false;
      const note = () => void (answered = true);
      answer.then(note, note);
      await until(() => answered || isHit());
      if (!answered) throw new Killed();
    }
    return answer;
  };
  return { call };
}

async function register({ resources, leftOver }: ModelState, urn: string, news: Struct, call: Call): Promise<void> {
  const old = resources.get(urn);
  const check = new wire.CheckRequest().setUrn(urn).setNews(news).setRandomseed(new Uint8Array(32));
  if (old) check.setOlds(old.inputs).setOldOutputs(old.outputs);
  const checked = await call<wire.CheckResponse>("check", check);
  if (checked.getFailuresList().length > 0) throw new Error(JSON.stringify(checked.toObject().failuresList));
  const inputs = checked.getInputs()!;
  if (old) {
    const request = new wire.DiffRequest().setUrn(urn).setId(old.id).setOlds(old.outputs).setOldInputs(old.inputs);
    const diff = await call<wire.DiffResponse>("diff", request.setNews(inputs));
    const isSame = diff.getChanges() === wire.DiffResponse.DiffChanges.DIFF_NONE;
    if (isSame && !old.incomplete) return;
    if (diff.getReplacesList().length === 0) {
      const update = new wire.UpdateRequest().setUrn(urn).setId(old.id).setOlds(old.outputs).setOldInputs(old.inputs);
      const answer = await call<wire.UpdateResponse>("update", update.setNews(inputs));
      resources.set(urn, { urn, id: old.id, inputs, outputs: answer.getProperties()! });
      return;
    }
  }
  const made = await create(urn, inputs, call);
  if (old) leftOver.push(old);
  resources.set(urn, made);
  if (made.incomplete) throw new Error(`${urn} is not complete`);
}

async function create(urn: string, inputs: Struct, call: Call): Promise<Entry> {
  try {
    const request = new wire.CreateRequest().setUrn(urn).setProperties(inputs);
    const answer = await call<wire.CreateResponse>("create", request);
    return { urn, id: answer.getId(), inputs, outputs: answer.getProperties()! };
  } catch (error) {
    const [detail] = (error as ServiceError).metadata?.get("grpc-status-details-bin") ?? [];
    if (!detail) throw error;
    const any = Status.deserializeBinary(detail as Buffer).getDetailsList()[0]!;
    const partly = wire.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
    return { urn, id: partly.getId(), inputs, outputs: partly.getProperties()!, incomplete: true };
  }
}

const remove = ({ urn, id, outputs }: Entry, call: Call) =>
  call("delete", new wire.DeleteRequest().setUrn(urn).setId(id).setProperties(outputs));
