import { Metadata, status } from "@grpc/grpc-js";
import type { sendUnaryData, ServerUnaryCall, ServiceError } from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as wire from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Failure } from "../properties/check";
import type { Change } from "../properties/diff";
import type { Provider } from "../provider";
import { InitializationFailed } from "../contract/resource";
import { decode, encode } from "../properties/values";
import type { Properties } from "../properties/values";

/**
 * The engine's protocol, `pulumirpc.ResourceProvider`. Each method translates, asks the provider, and translates back;
 * nothing is decided here.
 */
export function resourceProvider(provider: Provider): Partial<IResourceProviderServer> {
  return {
    handshake: unary(async (request: wire.ProviderHandshakeRequest) => {
      provider.handshake(request.getEngineAddress());
      return new wire.ProviderHandshakeResponse().setAcceptSecrets(true).setSupportsAutonamingConfiguration(true);
    }),

    attach: unary(async (request: { getAddress(): string }) => {
      provider.handshake(request.getAddress());
      return new Empty();
    }),

    getPluginInfo: unary(async () => new PluginInfo().setVersion(provider.version)),

    getSchema: unary(async () => new wire.GetSchemaResponse().setSchema(JSON.stringify(provider.schema()))),

    getMapping: unary(async (request: wire.GetMappingRequest) => {
      const data = provider.mapping(request.getKey(), request.getProvider());
      return data
        ? new wire.GetMappingResponse().setProvider(data.provider).setData(data.data)
        : new wire.GetMappingResponse();
    }),

    getMappings: unary(async (request: wire.GetMappingsRequest) =>
      new wire.GetMappingsResponse().setProvidersList(provider.mappings(request.getKey())),
    ),

    checkConfig: unary(async (request: wire.CheckRequest) =>
      checkResponse(provider.checkConfig(decode(request.getNews()))),
    ),

    diffConfig: unary(async (request: wire.DiffRequest) => {
      const old = decode(request.getOldInputs() ?? request.getOlds());
      return diffResponse({ changes: provider.diffConfig(old, decode(request.getNews())), deleteBeforeReplace: false });
    }),

    configure: unary(async (request: wire.ConfigureRequest) => {
      provider.configure(decode(request.getArgs()), request.getId());
      return new wire.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),

    check: unary(async (request: wire.CheckRequest) =>
      checkResponse(
        provider.check({
          urn: request.getUrn(),
          newInputs: decode(request.getNews()),
          oldInputs: decode(request.getOlds()),
          oldState: decode(request.getOldOutputs()),
          seed: Buffer.from(request.getRandomseed_asU8()).toString("hex"),
          naming: naming(request.getAutonaming()),
        }),
      ),
    ),

    diff: unary(async (request: wire.DiffRequest) =>
      diffResponse(
        provider.diff({
          urn: request.getUrn(),
          id: request.getId(),
          oldState: decode(request.getOlds()),
          // An engine that is older than this field compares with the state.
          oldInputs: decode(request.getOldInputs() ?? request.getOlds()),
          newInputs: decode(request.getNews()),
        }),
      ),
    ),

    create: unary(async (request: wire.CreateRequest) => {
      const { id, state } = await provider.create({
        urn: request.getUrn(),
        newInputs: decode(request.getProperties()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
      });
      return new wire.CreateResponse().setId(id).setProperties(encode(state));
    }),

    read: unary(async (request: wire.ReadRequest) => {
      const found = await provider.read({
        urn: request.getUrn(),
        id: request.getId(),
        // On import, and for a resource that is only looked up, the engine knows only the ID.
        existing: request.hasInputs()
          ? { oldInputs: decode(request.getInputs()), oldState: decode(request.getProperties()) }
          : undefined,
        timeout: request.getTimeout(),
      });
      if (!found) return new wire.ReadResponse();
      return new wire.ReadResponse().setId(found.id).setProperties(encode(found.state)).setInputs(encode(found.inputs));
    }),

    update: unary(async (request: wire.UpdateRequest) => {
      const state = await provider.update({
        urn: request.getUrn(),
        id: request.getId(),
        newInputs: decode(request.getNews()),
        oldState: decode(request.getOlds()),
        oldInputs: decode(request.getOldInputs() ?? request.getOlds()),
        preview: request.getPreview(),
        timeout: request.getTimeout(),
      });
      return new wire.UpdateResponse().setProperties(encode(state));
    }),

    delete: unary(async (request: wire.DeleteRequest) => {
      await provider.delete({
        urn: request.getUrn(),
        id: request.getId(),
        oldState: decode(request.getProperties()),
        timeout: request.getTimeout(),
      });
      return new Empty();
    }),

    invoke: unary(async (request: wire.InvokeRequest) => {
      const { result, failures } = await provider.invoke(request.getTok(), decode(request.getArgs()));
      return new wire.InvokeResponse().setReturn(encode(result)).setFailuresList(failures.map(checkFailure));
    }),

    cancel: unary(async () => {
      provider.cancel();
      return new Empty();
    }),
  };
}

/** An async function as the method that the gRPC library wants; whatever it throws becomes a status with a sentence. */
function unary<Request, Response>(method: (request: Request) => Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    method(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(serviceError(error)),
    );
  };
}

function serviceError(error: unknown): Partial<ServiceError> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  if (error instanceof InitializationFailed) {
    const detail = new wire.ErrorResourceInitFailed()
      .setId(error.id)
      .setProperties(encode(error.state as Properties))
      .setReasonsList([message]);
    const any = new Any();
    any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const details = new Status().setCode(status.UNKNOWN).setMessage(message);
    details.addDetails(any);
    metadata.set("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
  }
  return { code: status.UNKNOWN, details: message, message, metadata };
}

function naming(options: wire.CheckRequest.AutonamingOptions | undefined) {
  if (!options) return undefined;
  const { ENFORCE, DISABLE } = wire.CheckRequest.AutonamingOptions.Mode;
  const mode = options.getMode();
  return {
    name: options.getProposedName(),
    mode: mode === DISABLE ? ("disable" as const) : mode === ENFORCE ? ("enforce" as const) : ("propose" as const),
  };
}

const checkFailure = ({ property, reason }: Failure) => new wire.CheckFailure().setProperty(property).setReason(reason);

function checkResponse({ inputs, failures }: { inputs: Properties; failures: Failure[] }) {
  return new wire.CheckResponse().setInputs(encode(inputs)).setFailuresList(failures.map(checkFailure));
}

const KINDS = {
  add: [wire.PropertyDiff.Kind.ADD, wire.PropertyDiff.Kind.ADD_REPLACE],
  update: [wire.PropertyDiff.Kind.UPDATE, wire.PropertyDiff.Kind.UPDATE_REPLACE],
  delete: [wire.PropertyDiff.Kind.DELETE, wire.PropertyDiff.Kind.DELETE_REPLACE],
} as const;

function diffResponse({ changes, deleteBeforeReplace }: { changes: Change[]; deleteBeforeReplace: boolean }) {
  const { DIFF_NONE, DIFF_SOME } = wire.DiffResponse.DiffChanges;
  const names = (some: Change[]) => [...new Set(some.map(({ property }) => property))];
  const response = new wire.DiffResponse()
    .setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList(names(changes))
    .setReplacesList(names(changes.filter(({ replace }) => replace)))
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const { path, kind, replace } of changes) {
    const detail = new wire.PropertyDiff().setKind(KINDS[kind][replace ? 1 : 0]).setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}
