import { type DescMessage, fromBinary, type Message, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { reflect, type ReflectMessage } from "@bufbuild/protobuf/reflect";
import type { Any } from "@bufbuild/protobuf/wkt";
import {
  Client,
  credentials,
  type Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
} from "@grpc/grpc-js";
import type { Emulator } from "../../emulator/emulator";
import { registry } from "../../emulator/transport/descriptors";

/** The kinds of change that a later version of the cloud may bring to its answers. */
export type Change = "fields" | "enums" | "details" | "types";

export interface NewerCloud extends AsyncDisposable {
  endpoint: string;
  /** How many answers were changed, by kind. */
  changed: Record<Change, number>;
}

const UNKNOWN_FIELD = 9000;
const UNKNOWN_ENUM = 99;

/**
 * The local cloud as a later version of the API would answer: between it and a client over gRPC, answers get unknown fields,
 * enum values, error details and message types.
 *
 * @param wants whether an answer is changed in this way
 */
export async function startNewerCloud(cloud: Emulator, wants: (change: Change) => boolean): Promise<NewerCloud> {
  const client = new Client(cloud.endpoint, credentials.createInsecure());
  const server = new Server();
  const changed: NewerCloud["changed"] = { fields: 0, enums: 0, details: 0, types: 0 };
  const does = (change: Change): boolean => {
    const yes = wants(change);
    if (yes) changed[change]++;
    return yes;
  };
  let endpoint = "";

  const forward =
    (path: string, output: DescMessage) =>
    (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>): void => {
      client.makeUnaryRequest(path, same, same, call.request, call.metadata, (error, bytes) => {
        if (error) return answer(does("details") ? withUnknownDetail(error) : error);
        const message = fromBinary(output, bytes ?? Buffer.alloc(0));
        change(reflect(output, message), message, does);
        answer(null, Buffer.from(toBinary(output, withAddress(message, cloud.endpoint, endpoint))));
      });
    };
  for (const service of services()) {
    const unary = service.methods.filter(({ methodKind }) => methodKind === "unary");
    const definitions = unary.map(({ name, output }) => {
      const path = `/${service.typeName}/${name}`;
      const codec = {
        requestSerialize: same,
        requestDeserialize: same,
        responseSerialize: same,
        responseDeserialize: same,
      };
      return [name, { path, requestStream: false, responseStream: false, ...codec }, forward(path, output)] as const;
    });
    server.addService(
      Object.fromEntries(definitions.map(([name, definition]) => [name, definition])),
      Object.fromEntries(definitions.map(([name, , handler]) => [name, handler])),
    );
  }
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  endpoint = `127.0.0.1:${port}`;
  return {
    endpoint,
    changed,
    async [Symbol.asyncDispose]() {
      server.forceShutdown();
      client.close();
    },
  };
}

const same = (bytes: Buffer): Buffer => bytes;

const services = () =>
  [...registry].flatMap((each) =>
    each.kind === "service" && /^yandex\.cloud\.(iam|resourcemanager|operation|endpoint|lockbox)\./.test(each.typeName)
      ? [each]
      : [],
  );

/** Changes a message and all that it holds. */
function change(message: ReflectMessage, raw: Message, does: (change: Change) => boolean): void {
  if (message.desc.typeName === "google.protobuf.Any") return changeAny(raw as Any, does);
  if (/^google\.protobuf\./.test(message.desc.typeName)) return;
  for (const field of message.fields) {
    if (!message.isSet(field)) continue;
    if (field.fieldKind === "message") {
      const inner = message.get(field);
      change(inner, inner.message, does);
    } else if (field.fieldKind === "list" && field.listKind === "message") {
      for (const inner of message.get(field)) change(inner as ReflectMessage, (inner as ReflectMessage).message, does);
    }
  }
  for (const field of message.fields)
    if (field.fieldKind === "enum" && field.oneof === undefined && does("enums")) message.set(field, UNKNOWN_ENUM);
  if (does("fields"))
    (raw.$unknown ??= []).push({ no: UNKNOWN_FIELD, wireType: 2, data: new Uint8Array([3, 110, 101, 119]) });
}

/** The response or the metadata of an operation: changed inside, and under the name of a later version. */
function changeAny(any: Any, does: (change: Change) => boolean): void {
  const type = registry.getMessage(any.typeUrl.split("/").at(-1) ?? "");
  if (!type || type.typeName === "google.protobuf.Empty") return;
  const message = fromBinary(type, any.value) as MessageShape<DescMessage>;
  change(reflect(type, message), message, does);
  any.value = toBinary(type, message);
  if (does("types")) any.typeUrl = any.typeUrl.replace(".v1.", ".v2.");
}

/** The directory names the place where answers are changed. */
function withAddress(message: Message, real: string, shown: string): Message {
  const { endpoints } = message as Message & { endpoints?: { address: string }[] };
  for (const each of endpoints ?? []) each.address = each.address.replace(real, shown);
  return message;
}

function withUnknownDetail(error: ServiceError): ServiceError {
  const metadata: Metadata = error.metadata.clone();
  const [status] = metadata.get("grpc-status-details-bin");
  // google.rpc.Status, field 3 (details): an Any of a type that nobody knows, with one byte.
  const type = "type.googleapis.com/yandex.cloud.later.v9.Advice";
  const any = Buffer.concat([Buffer.from([0x0a, type.length]), Buffer.from(type), Buffer.from([0x12, 1, 0])]);
  const detail = Buffer.concat([Buffer.from([0x1a, any.length]), any]);
  metadata.set("grpc-status-details-bin", Buffer.concat([Buffer.from(status ?? ""), detail]));
  return { ...error, metadata };
}
