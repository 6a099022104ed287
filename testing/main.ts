import { parseArgs } from "node:util";
import { checked, startEmulator } from ".";

/**
 * The program of the package: `yandex-aistudio-emulator [--capabilities textGeneration,embeddings] [--port N] [--model <name>]…
 * [--cors <origin>]…`. Prints what an application reads from its environment, line by line as in a file .env, and runs until Ctrl+C.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      capabilities: { type: "string", default: "textGeneration" },
      port: { type: "string", default: "0" },
      model: { type: "string", multiple: true },
      cors: { type: "string", multiple: true },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port ${values.port} is not a port: give a number from 0 to 65535.`);
  const capabilities = values.capabilities.split(",").map((word) => checked(word.trim()));
  const studio = await startEmulator({ port, models: values.model, cors: values.cors });
  const lines = [
    `OPENAI_BASE_URL=${studio.baseUrl}`,
    `OPENAI_API_KEY=${studio.keyFor(capabilities)}`,
    `OPENAI_PROJECT_ID=${studio.folderId}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  process.stderr.write("A local AI Studio is up; no model is behind it. Stop it with Ctrl+C.\n");
  const stop = () => void studio.dispose().then(() => process.exit(0));
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
