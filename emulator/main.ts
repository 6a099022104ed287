import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js";
import type { CallRecord } from "./calls/calls";
import { type Emulator, startEmulator } from "./emulator";
import { replaceFile } from "./store/files";

/** How long calls under way are waited for at the end. */
const patienceMs = 2_000;

/**
 * The local cloud as a process:
 *   emulator.js --state <file> [--connection <file>] [--host <address>] [--model <name>]… [--cors <origin>]… [--admin] [--quiet]
 *     [--port N] [--tls-port N] [--grpc-port N] [--grpc-tls-port N]
 * Writes the connection file when it listens. The file stays when the process ends, so that the next one goes on with its token.
 */
async function main(): Promise<void> {
  // What gRPC has to say reaches the user as a sentence of ours.
  setLogVerbosity(logVerbosity.NONE);
  const options = readOptions();
  const cloud = await startEmulator({
    stateFile: options.state,
    host: options.host,
    port: options.port,
    tlsPort: options.tlsPort,
    grpcPort: options.grpcPort,
    grpcTlsPort: options.grpcTlsPort,
    cors: options.cors,
    admin: options.admin,
    switches: { models: options.model ?? [] },
    log: options.quiet ? undefined : (record) => process.stdout.write(`${lineOf(record)}\n`),
    report: (text) => process.stderr.write(`${text}\n`),
    lost: (sentence) => {
      process.stderr.write(`${sentence}\n`);
      end(1);
    },
  });
  if (options.connection) keepConnection(cloud, options.connection);
  process.stdout.write(
    [
      `Local cloud is up.`,
      `  ${cloud.url}  (REST, AI and the status page)  ${cloud.endpoint}  (gRPC)`,
      `  ${cloud.tlsUrl}  ${cloud.tlsEndpoint}  (the same over TLS${cloud.caFile ? `, trust ${cloud.caFile}` : ""})`,
      `  cloud ${cloud.cloudId}, folder ${cloud.folderId}; stop with Ctrl+C`,
      "",
    ].join("\n"),
  );

  let stopping = false;
  function end(code: number) {
    if (stopping) return;
    stopping = true;
    const leave = () => process.exit(code);
    cloud.close(patienceMs).then(leave, leave);
    // Nor does a client that takes no answer keep it.
    setTimeout(leave, patienceMs + 1_000);
  }
  process.on("SIGTERM", () => end(0));
  process.on("SIGINT", () => end(0));
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      state: { type: "string" },
      host: { type: "string" },
      port: { type: "string" },
      "tls-port": { type: "string" },
      "grpc-port": { type: "string" },
      "grpc-tls-port": { type: "string" },
      cors: { type: "string", multiple: true },
      connection: { type: "string" },
      admin: { type: "boolean" },
      quiet: { type: "boolean" },
      model: { type: "string", multiple: true },
    },
  });
  return {
    ...values,
    port: readPort("--port", values.port),
    tlsPort: readPort("--tls-port", values["tls-port"]),
    grpcPort: readPort("--grpc-port", values["grpc-port"]),
    grpcTlsPort: readPort("--grpc-tls-port", values["grpc-tls-port"]),
  };
}

function readPort(flag: string, text: string | undefined): number {
  const port = Number(text ?? "0");
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`${flag} ${text} is not a port: give a number from 0 to 65535.`);
  return port;
}

const hourMs = 60 * 60 * 1000;

/** Keeps the connection file fresh: its token lives for 12 hours, the process may live for weeks. */
function keepConnection(cloud: Emulator, file: string): void {
  let token = readToken(file);
  if (token === undefined || !cloud.accepts(token)) token = cloud.token;
  writeConnection(cloud, file, token);
  setInterval(() => writeConnection(cloud, file, cloud.addToken(cloud.deployerId)), 6 * hourMs).unref();
}

function writeConnection(cloud: Emulator, file: string, token: string): void {
  const { endpoint, url, tlsEndpoint, tlsUrl, caFile, cloudId, folderId } = cloud;
  const connection = {
    endpoint,
    plaintext: true,
    tlsEndpoint,
    caFile,
    aiEndpoint: url,
    url,
    tlsUrl,
    token,
    cloudId,
    folderId,
    pid: process.pid,
  };
  replaceFile(file, `${JSON.stringify(connection, undefined, 2)}\n`);
}

function readToken(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  try {
    const { token } = JSON.parse(readFileSync(file, "utf8")) as { token?: unknown };
    return typeof token === "string" ? token : undefined;
  } catch {
    return undefined;
  }
}

/** `12:00:00.123 ApiKeyService/Create ajeu0000000000000001 OK 1.2ms {"serviceAccountId":"ajes…"}` */
function lineOf(record: CallRecord): string {
  const time = new Date(record.at).toISOString().slice(11, 23);
  const request = Object.keys(record.request).length > 0 ? ` ${JSON.stringify(record.request)}` : "";
  return `${time} ${record.method} ${record.caller} ${record.status} ${record.ms}ms${record.wrote ? ` wrote ${record.wrote}` : ""}${request}`;
}

// The last resort: whatever a client has caused that nothing else has caught ends that client's call, not the cloud.
for (const event of ["uncaughtException", "unhandledRejection"] as const)
  process.on(event, (thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  });

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
