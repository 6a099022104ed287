import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Lets a web server listen on loopback, on a port that is free; its disposal also ends what is connected to it. */
export async function listen(server: Server): Promise<AsyncDisposable & { url: string }> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
