import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { EngineLog } from "../provider";

// The engine is on this machine; a proxy that the environment names is for other calls. By default gRPC shares a connection,
// also a failed one, among all clients of an address; in a process of many runs an earlier engine may have had this address.
const OPTIONS = { "grpc.enable_http_proxy": 0, "grpc.use_local_subchannel_pool": 1 };

const SEVERITIES = { info: LogSeverity.INFO, warning: LogSeverity.WARNING };

/** `address` is what the engine gave when it started the plugin or in the handshake; without one nothing is logged. */
export function openEngineLog(address: string | undefined): EngineLog {
  let client: EngineClient | undefined;
  const send = (severity: LogSeverity, urn: string, message: string, ephemeral: boolean): void => {
    if (!address) return;
    client ??= new EngineClient(address, credentials.createInsecure(), OPTIONS);
    const request = new LogRequest().setSeverity(severity).setUrn(urn).setMessage(message).setEphemeral(ephemeral);
    // A line that does not arrive must not fail the resource that it is about.
    client.log(request, () => {});
  };
  return {
    log: (severity, urn, message) => send(SEVERITIES[severity], urn, message, false),
    logStatus: (urn, message) => send(LogSeverity.INFO, urn, message, true),
    close: () => client?.close(),
  };
}
