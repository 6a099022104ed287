import { create, fromJson, type JsonValue, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { codes, type StatusError } from "../status";
import { registry } from "./descriptors";

/** The `google.rpc.Status` that goes with an error over gRPC: its details, of which one names the request. */
export function detailsOf(error: StatusError, requestId: string): Buffer {
  const status = messageNamed("google.rpc.Status");
  const details = [...error.details, requestInfo(requestId)].map(({ "@type": url, ...fields }) => {
    const type = messageNamed(url.slice(url.indexOf("/") + 1));
    return anyPack(type, fromJson(type, fields as JsonValue));
  });
  const message = create(status, { code: codes[error.code], message: error.message, details } as Record<
    string,
    unknown
  >);
  return Buffer.from(toBinary(status, message));
}

const requestInfo = (requestId: string) => ({ "@type": "type.googleapis.com/google.rpc.RequestInfo", requestId });

function messageNamed(name: string) {
  const found = registry.getMessage(name);
  if (!found) throw new Error(`${name} is missing in descriptors.json: npm run record descriptors`);
  return found;
}
