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

/**
 * Adds reflection, by which grpcurl and others learn what there is. Indexing all definitions takes a second of the processor,
 * so it waits for the first who asks.
 */
export function addReflection(server: Server, services: string[]): void {
  let indexed: Added[] | undefined;
  const real = () => (indexed ??= added({ all: { fileDescriptorProtos: files() } } as unknown as Package, services));
  for (const [at, [definition, methods]] of added({}, []).entries()) {
    const names = Object.keys(methods);
    const handlers = names.map((name) => [
      name,
      (...call: never[]) => real()[at]?.[1][name]?.(...(call as [never, never])),
    ]);
    server.addService(definition, Object.fromEntries(handlers) as UntypedServiceImplementation);
  }
}

const files = (): Buffer[] =>
  fromBinary(FileDescriptorSetSchema, descriptorSet).file.map((file) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, file)),
  );
