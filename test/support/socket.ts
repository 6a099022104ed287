import { connect } from "node:net";

/** Sends bytes to a port of this machine as they are; answers all that comes back until the other side closes. */
export function overSocket(url: string, bytes: string | Buffer, { halfClose = false } = {}): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(Number(port), hostname).setTimeout(30_000, () => {
      reject(new Error(`the connection is silent and stays open, after ${JSON.stringify(answer)}`));
      socket.destroy();
    });
    if (halfClose) socket.end(bytes);
    else socket.write(bytes);
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", (error) => (answer === "" ? reject(error) : resolve(answer)));
    socket.on("close", () => resolve(answer));
  });
}

/** The status of an HTTP/1.1 answer as it came over the socket. */
export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
