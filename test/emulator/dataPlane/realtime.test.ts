import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";

const umbrella = "yc.ai.foundationModels.execute";

describe("the Realtime API", () => {
  it("answers OpenAI's own client in text, piece by piece", async () => {
    await using cloud = await startCloud();
    using conversation = connect(cloud, keyOf(cloud));

    const created = await conversation.next("session.created");
    conversation.client.send({ type: "session.update", session: { type: "realtime", instructions: "Be brief." } });
    const updated = await conversation.next("session.updated");
    conversation.client.send({
      type: "conversation.item.create",
      item: { type: "message", role: "user", content: [{ type: "input_text", text: "Are you there?" }] },
    });
    conversation.client.send({ type: "response.create" });
    const done = await conversation.next("response.done");

    expect(created).toMatchObject({ session: { model: modelIn(cloud) } });
    expect(updated).toMatchObject({ session: { instructions: "Be brief." } });
    const deltas = conversation.seen.filter((event) => event.type === "response.output_text.delta");
    const text = deltas.map((event) => event["delta"]).join("");
    expect(deltas.length).toBeGreaterThan(5);
    expect(text).toContain('You asked: "Are you there?"');
    expect(done).toMatchObject({ response: { status: "completed", output: [{ content: [{ text }] }] } });
  });

  it("says what it is not, and goes on", async () => {
    await using cloud = await startCloud();
    using conversation = connect(cloud, keyOf(cloud));

    conversation.client.socket.once("open", () => {
      conversation.client.send({ type: "input_audio_buffer.append", audio: "AAAA" });
      conversation.client.send({ type: "response.create" });
    });

    expect(await conversation.refusal).toMatch(/input_audio_buffer\.append is not emulated/);
    expect(await conversation.next("response.done")).toMatchObject({ response: { status: "completed" } });
  });

  it.each([
    ["no key", () => "none", undefined, 401],
    ["a key that nobody made", () => "AQVNnobody", undefined, 401],
    [
      "a key of another scope",
      (cloud: Emulator) => keyOf(cloud, { scopes: ["yc.ai.translate.execute"] }),
      undefined,
      401,
    ],
    ["a key that has expired", (cloud: Emulator) => keyOf(cloud, { expiresAt: cloud.clock.now() - 1 }), undefined, 401],
    ["a model of another folder", (cloud: Emulator) => keyOf(cloud), "gpt://b1gother/speech-realtime-250923", 400],
    [
      "an account without the role",
      (cloud: Emulator) => keyOf(cloud, { roles: ["ai.translate.user"] }),
      undefined,
      403,
    ],
    ["a model that does not speak", (cloud: Emulator) => keyOf(cloud), "yandexgpt/latest", 400],
  ] as const)("refuses %s before the conversation opens", async (_, key, model, status) => {
    await using cloud = await startCloud();
    const named = model?.includes("://") === false ? `gpt://${cloud.folderId}/${model}` : model;
    using conversation = connect(cloud, key(cloud), named);

    expect(await conversation.refusal).toBe(`Unexpected server response: ${status}`);
    expect(conversation.seen).toEqual([]);
  });

  it("is in the log of calls, and can be made to fail like any call", async () => {
    await using cloud = await startCloud();
    cloud.fault({ method: "GET /v1/realtime/openai", code: "UNAVAILABLE", times: 1 });
    using failing = connect(cloud, keyOf(cloud));
    await failing.refusal;
    using conversation = connect(cloud, keyOf(cloud, { name: "second" }));
    await conversation.next("session.created");

    const realtime = cloud.calls.filter(({ method }) => method === "GET /v1/realtime/openai");
    expect(realtime.map(({ status }) => status)).toEqual(["UNAVAILABLE", "OK"]);
  });

  it("exists at no other address", async () => {
    await using cloud = await startCloud();
    using conversation = connect(cloud, keyOf(cloud), undefined, "/v1/realtime/other");

    expect(await conversation.refusal).toBe("Unexpected server response: 404");
  });
});

const modelIn = (cloud: Emulator) => `gpt://${cloud.folderId}/speech-realtime-250923`;

interface KeyOptions {
  name?: string;
  roles?: string[];
  scopes?: string[];
  expiresAt?: number;
}

function keyOf(cloud: Emulator, options: KeyOptions = {}): string {
  const { name = "voice", roles = ["ai.models.user"], scopes = [umbrella], expiresAt } = options;
  return cloud.addApiKey(cloud.addAccount({ name, roles }), { scopes, expiresAt }).secret;
}

interface Event {
  type: string;
  [field: string]: unknown;
}

/** A conversation as OpenAI's client holds it, over TLS, which it insists on. */
function connect(cloud: Emulator, apiKey: string, model = modelIn(cloud), path = "/v1/realtime/openai") {
  const openai = new OpenAI({ apiKey, baseURL: `${cloud.tlsUrl}/v1` });
  const client = new OpenAIRealtimeWS(
    {
      model,
      buildRealtimeURL: () =>
        new URL(`${cloud.tlsUrl.replace("https", "wss")}${path}?model=${encodeURIComponent(model)}`),
      options: {
        ca: cloud.caPem,
        headers: { "openai-project": "", ...(apiKey === "none" ? { authorization: "" } : {}) },
      },
    },
    openai,
  );
  const seen: Event[] = [];
  const waiting: { type: string; found: (event: Event) => void }[] = [];
  client.on("event", (event) => {
    const plain = event as unknown as Event;
    seen.push(plain);
    for (const { found } of waiting.filter(({ type }) => type === plain.type)) found(plain);
  });
  const refusal = new Promise<string>((resolve) => client.on("error", (error) => resolve(error.message)));
  const next = (type: string): Promise<Event> =>
    new Promise((resolve) => {
      const already = seen.find((event) => event.type === type);
      if (already) resolve(already);
      else waiting.push({ type, found: resolve });
    });
  return { client, seen, refusal, next, [Symbol.dispose]: () => client.socket.terminate() };
}
