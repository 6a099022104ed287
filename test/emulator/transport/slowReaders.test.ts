import type { Socket } from "node:net";
import { WebSocket } from "ws";
import { request, type RequestOptions } from "node:https";
import { startCloud } from "../../support/cloud";

describe("a client that reads none of the answers to its Realtime events", () => {
  it("is let go when 16 MiB wait for it, while others are answered", async () => {
    await using cloud = await startCloud();
    const account = cloud.addAccount({ name: "voice", roles: ["ai.models.user"] });
    const { secret } = cloud.addApiKey(account, { scopes: ["yc.ai.foundationModels.execute"] });
    const model = encodeURIComponent(`gpt://${cloud.folderId}/speech-realtime-250923`);
    const socket = new WebSocket(`${cloud.url.replace("http", "ws")}/v1/realtime/openai?model=${model}`, {
      headers: { authorization: `Api-Key ${secret}` },
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    const connection = (socket as unknown as { _socket: Socket })._socket;
    const ended = new Promise((resolve) => connection.once("close", resolve));
    socket.on("error", () => undefined);
    connection.pause();
    const content = [{ type: "input_text", text: "a word ".repeat(20_000) }];
    for (let n = 0; n < 200; n += 1) {
      socket.send(JSON.stringify({ type: "conversation.item.create", item: { role: "user", content } }));
      socket.send('{"type":"response.create"}');
    }

    expect((await fetch(`${cloud.url}/endpoints/iam`)).status).toBe(200);
    await ended;
    expect(connection.bytesRead).toBeLessThan(16 * 1024 * 1024);
  });
});

describe("an address that is handed out over TLS", () => {
  it("is one of the TLS port, and answers there", async () => {
    await using cloud = await startCloud();
    const ask = (url: string, body: object) =>
      new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
        const headers = { authorization: `Bearer ${cloud.token}`, "content-type": "application/json" };
        const options: RequestOptions = { ca: cloud.caPem, method: "POST", headers };
        request(url, options, (answer) => {
          let text = "";
          answer.on("data", (chunk) => (text += String(chunk)));
          answer.on("end", () => resolve({ status: answer.statusCode, text }));
        })
          .on("error", reject)
          .end(JSON.stringify(body));
      });

    const made = await ask(`${cloud.tlsUrl}/mcpgateway/v1/mcpGateways`, { folderId: cloud.folderId, name: "orders" });
    const { response } = JSON.parse(made.text) as { response: { baseDomain: string } };
    expect(response.baseDomain).toContain(`${cloud.tlsUrl}/mcpgw/`);
    expect(await ask(response.baseDomain, { jsonrpc: "2.0", id: 1, method: "ping" })).toMatchObject({ status: 200 });
  });
});
