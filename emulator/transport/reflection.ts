import { constants, type ServerHttp2Stream } from "node:http2";
import type { Server, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { ReflectionService } from "@grpc/reflection";
import { descriptorSet } from "./descriptors";

type Added = [definition: ServiceDefinition, implementation: UntypedServiceImplementation];
type Package = ConstructorParameters<typeof ReflectionService>[0];

/** What the service adds to a server that offers the definitions of `files`. */
function added(files: Package, services: string[]): Added[] {
  const found: Added[] = [];
  new ReflectionService(files, { services }).addToServer({ addService: (...each) => void found.push(each) });
  return found;
}

/** The methods of the service, which it reads from files each time. */
let shape: Added[] | undefined;

/**
 * Adds reflection, by which grpcurl and others learn what there is. Indexing all definitions takes a second of the processor,
 * so it waits for the first who asks.
 */
export function addReflection(server: Server, services: string[]): void {
  let indexed: Added[] | undefined;
  const real = () => (indexed ??= added({ all: { fileDescriptorProtos: files() } } as unknown as Package, services));
  for (const [at, [definition, methods]] of (shape ??= added({}, [])).entries()) {
    const names = Object.keys(methods);
    const handlers = names.map((name) => [
      name,
      (...call: never[]) => {
        endWithError(call[0]);
        real()[at]?.[1][name]?.(...(call as [never, never]));
      },
    ]);
    server.addService(definition, Object.fromEntries(handlers) as UntypedServiceImplementation);
  }
}

/**
 * Where a message cannot be read while earlier ones are being answered, gRPC ends the stream and then writes to it: that is
 * an error of the stream, after which the status is never sent. A reset shows it to the client instead.
 */
function endWithError(call: unknown): void {
  const { stream } = (call as { call: { stream: ServerHttp2Stream } }).call;
  stream.once("error", () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
}

const files = (): Buffer[] =>
  fromBinary(FileDescriptorSetSchema, descriptorSet).file.map((file) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, file)),
  );
