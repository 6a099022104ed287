import { setFlagsFromString } from "node:v8";
import { fetchThroughProxy } from "./cloud/http";
import { serve } from "./protocol/serve";
import { realWorld } from "./world";

/**
 * The plugin as the engine starts it: the first argument is the engine's address, the first line printed the port.
 * All that the provider has of the world comes in here.
 */
const world = realWorld(process.env, fetchThroughProxy);

// The gRPC library reads only the lower-case name.
if (process.env.HTTPS_PROXY) process.env.https_proxy ||= process.env.HTTPS_PROXY;

// The engine prints what a dying plugin leaves behind; a message may quote what was sent, so only its kind is printed.
for (const event of ["uncaughtException", "unhandledRejection"] as const) {
  process.on(event, (error: unknown) => {
    const kind = error instanceof Error ? error.name : typeof error;
    process.stderr.write(`pulumi-resource-yandex ended by an error of its own (${kind}); please report it\n`);
    process.exit(1);
  });
}
// The engine starts a plugin in a process group of its own, and ends it with this signal when all is done.
process.on("SIGINT", () => process.exit(0));

// An engine that was killed says nothing. A plugin without its parent has no engine to serve.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(0), 1000).unref();

const engineAddress = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
void serve(world, engineAddress).then(({ port }) => {
  process.stdout.write(`${port}\n`);
  // Where the machine has much memory, node lets what is short-lived pile up to 128 MB, and what lives longer to several times
  // what is in use. From here on it no longer does.
  for (const flag of ["--semi-space-growth-factor=1", "--heap-growing-percent=20"]) setFlagsFromString(flag);
});
