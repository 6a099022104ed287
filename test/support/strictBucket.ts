import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { machineTime } from "../../emulator/clock";
import { openCertificates } from "../../emulator/transport/certificates";
import { startBucket } from "./bucket";

const REFUSAL =
  '<?xml version="1.0"?><Error><Code>NotImplemented</Code><Message>Checksums in trailers are not known here.</Message></Error>';

/** A bucket behind TLS, without which the engine's client sends no trailers, in a storage that refuses such. */
export async function startStrictBucket() {
  await using parts = new AsyncDisposableStack();
  const bucket = parts.use(await startBucket());
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  parts.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { ca, cert, key } = await openCertificates(undefined, machineTime());
  const caFile = join(folder, "ca.pem");
  writeFileSync(caFile, ca);

  const refused: string[] = [];
  const server = createServer({ cert, key }, (asked, answer) => {
    const { method = "", url = "", headers } = asked;
    if (headers["x-amz-trailer"] !== undefined) {
      refused.push(`${method} ${url}`);
      asked.resume();
      asked.on("end", () => answer.writeHead(501, { "content-type": "application/xml" }).end(REFUSAL));
      return;
    }
    const onward = request(bucket.endpoint + url, { method, headers }, (given) => {
      answer.writeHead(given.statusCode ?? 502, given.headers);
      given.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  parts.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const kept = parts.move();
  return {
    folder: bucket.folder,
    endpoint: `https://localhost:${(server.address() as AddressInfo).port}`,
    env: { ...bucket.credentials, AWS_CA_BUNDLE: caFile },
    /** What came with a checksum in a trailer. */
    refused,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
