import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program of its own, because it is an ES module. It prints the port it listens on and ends with its parent. */
const SERVER = `
  import S3rver from "@20minutes/s3rver";
  const directory = process.argv[1];
  const configureBuckets = [{ name: "team-state", configs: [] }];
  const { port } = await new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory, configureBuckets }).run();
  process.stdout.write(port + "\\n");
  process.stdin.resume().on("end", () => process.exit(0));
`;

/** A bucket in a server of S3 that others wrote. */
export async function startBucket() {
  const folder = mkdtempSync(join(tmpdir(), "bucket-"));
  const server = spawn(process.execPath, ["--input-type=module", "-e", SERVER, folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [port] = (await once(server.stdout, "data")) as [Buffer];
  const endpoint = `http://127.0.0.1:${Number(port)}`;

  return {
    /** Where the objects are, as files. */
    folder,
    /** As docs/state.md has it, with another endpoint. */
    url: `s3://team-state/access?region=ru-central1&endpoint=${endpoint}&s3ForcePathStyle=true`,
    endpoint,
    credentials: { AWS_ACCESS_KEY_ID: "S3RVER", AWS_SECRET_ACCESS_KEY: "S3RVER", AWS_EC2_METADATA_DISABLED: "true" },
    async [Symbol.asyncDispose]() {
      server.stdin.end();
      await once(server, "close");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
