import { inflateSync } from "node:zlib";
import { createFileRegistry, type DescMethod, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { descriptors } from "./descriptors.json";

/** The vendor's definitions as a FileDescriptorSet: what its generated code for JavaScript has left out. */
export const descriptorSet: Buffer = inflateSync(Buffer.from(descriptors, "base64"));

export const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet));

/** The definition of a call, by its path `/yandex.cloud.iam.v1.ApiKeyService/Create`. */
export function methodAt(path: string): DescMethod {
  const [, service = "", name] = path.split("/");
  const method = registry.getService(service)?.methods.find((each) => each.name === name);
  if (!method) throw new Error(`${path} is missing in descriptors.json: npm run record descriptors`);
  return method;
}
