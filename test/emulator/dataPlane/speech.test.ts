import { StreamingRequest } from "@yandex-cloud/nodejs-sdk/ai-stt-v3/stt";
import { RecognizerService } from "@yandex-cloud/nodejs-sdk/ai-stt-v3/stt_service";
import { StreamSynthesisRequest } from "@yandex-cloud/nodejs-sdk/ai-tts-v3/tts";
import { SynthesizerService } from "@yandex-cloud/nodejs-sdk/ai-tts-v3/tts_service";
import { ClientError, Status } from "nice-grpc";
import type { Emulator } from "../../../emulator/emulator";
import { grpcClient, startCloud } from "../../support/cloud";

const keyOf = (cloud: Emulator, role: string, scope: string) =>
  `Api-Key ${cloud.addApiKey(cloud.addAccount({ name: "voice", roles: [role] }), { scopes: [scope] }).secret}`;

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const messages: T[] = [];
  for await (const message of stream) messages.push(message);
  return messages;
}

async function* sent<T>(...messages: T[]): AsyncIterable<T> {
  yield* messages;
}

const options = StreamingRequest.fromPartial({ sessionOptions: {} });
const sound = (size: number) => StreamingRequest.fromPartial({ chunk: { data: Buffer.alloc(size) } });

describe("speech, streamed", () => {
  it("is recognised from all the pieces that were sent", async () => {
    await using cloud = await startCloud();
    const authorization = keyOf(cloud, "ai.speechkit-stt.user", "yc.ai.speechkitStt.execute");
    using client = grpcClient(cloud, RecognizerService, { authorization });

    const responses = await all(client.recognizeStreaming(sent(options, sound(3000), sound(4000))));

    const text = "A local stand-in heard 7000 bytes";
    const alternatives = [expect.objectContaining({ text, endTimeMs: 600 })];
    expect(responses).toMatchObject([
      { final: { alternatives, channelTag: "0" } },
      { finalRefinement: { normalizedText: { alternatives, channelTag: "0" } } },
      { eouUpdate: { timeMs: 600 } },
      { statusCode: {} },
    ]);
    expect(responses[0]?.final?.alternatives[0]?.words.map((word) => word.text)).toEqual(text.split(" "));
  });

  it("is synthesised from a text that comes in pieces", async () => {
    await using cloud = await startCloud();
    const authorization = keyOf(cloud, "ai.speechkit-tts.user", "yc.ai.speechkitTts.execute");
    using client = grpcClient(cloud, SynthesizerService, { authorization });
    const text = (text: string) => StreamSynthesisRequest.fromPartial({ synthesisInput: { text } });

    const [response] = await all(client.streamSynthesis(sent(text("Are you "), text("there?"))));

    expect(response?.textChunk?.text).toBe("Are you there?");
    expect(response?.audioChunk?.data.subarray(0, 4).toString("latin1")).toBe("RIFF");
  });

  it("is synthesised in several pieces where the text is long", async () => {
    await using cloud = await startCloud();
    const authorization = keyOf(cloud, "ai.speechkit-tts.user", "yc.ai.speechkitTts.execute");
    using client = grpcClient(cloud, SynthesizerService, { authorization });
    const long = StreamSynthesisRequest.fromPartial({ synthesisInput: { text: "word ".repeat(100) } });

    const pieces = (await all(client.streamSynthesis(sent(long)))).map(({ audioChunk }) => audioChunk!.data);

    expect(pieces.length).toBeGreaterThan(1);
    const sound = Buffer.concat(pieces);
    expect(sound.readUInt32LE(4)).toBe(sound.length - 8);
  });

  it.each([
    ["without the options of the session", "ai.speechkit-stt.user", sent(sound(10)), Status.INVALID_ARGUMENT],
    ["without a sound", "ai.speechkit-stt.user", sent(options), Status.INVALID_ARGUMENT],
    ["without a word", "ai.speechkit-stt.user", sent<StreamingRequest>(), Status.INVALID_ARGUMENT],
    ["without the role", "ai.translate.user", sent(options, sound(10)), Status.PERMISSION_DENIED],
  ])("is refused %s", async (_, role, requests, code) => {
    await using cloud = await startCloud();
    const authorization = keyOf(cloud, role, "yc.ai.speechkitStt.execute");
    using client = grpcClient(cloud, RecognizerService, { authorization });

    const refusal = await all(client.recognizeStreaming(requests)).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(ClientError);
    expect((refusal as ClientError).code).toBe(code);
  });
});
