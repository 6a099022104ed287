import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** The engine's ear: what is said here stands in its display beside the resource. */
export interface Engine {
  say(severity: "info" | "warning", urn: string, message: string): void;
  /** The next line for the same resource takes its place. */
  progress(urn: string, message: string): void;
  close(): void;
}

// The engine is on this machine; a proxy that the environment names is for other calls.
const OPTIONS = { "grpc.enable_http_proxy": 0 };

const SEVERITIES = { info: LogSeverity.INFO, warning: LogSeverity.WARNING };

/** `address` is what the engine gave when it started the plugin or greeted it; without one nothing is said. */
export function connectEngine(address: string | undefined): Engine {
  let client: EngineClient | undefined;
  const log = (severity: LogSeverity, urn: string, message: string, ephemeral: boolean): void => {
    if (!address) return;
    client ??= new EngineClient(address, credentials.createInsecure(), OPTIONS);
    const request = new LogRequest().setSeverity(severity).setUrn(urn).setMessage(message).setEphemeral(ephemeral);
    // A line that does not arrive is no reason to fail what it tells of.
    client.log(request, () => {});
  };
  return {
    say: (severity, urn, message) => log(SEVERITIES[severity], urn, message, false),
    progress: (urn, message) => log(LogSeverity.INFO, urn, message, true),
    close: () => client?.close(),
  };
}
