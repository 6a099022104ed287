import { StreamingRequest } from "@yandex-cloud/nodejs-sdk/ai-stt-v3/stt";
import { RecognizerService } from "@yandex-cloud/nodejs-sdk/ai-stt-v3/stt_service";
import {
  ContainerAudio_ContainerAudioType,
  StreamSynthesisRequest,
  UtteranceSynthesisRequest,
} from "@yandex-cloud/nodejs-sdk/ai-tts-v3/tts";
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

    expect(pieces).toHaveLength(3);
    const sound = Buffer.concat(pieces);
    expect(sound.readUInt32LE(4)).toBe(sound.length - 8);
  });

  it.each([
    ["WAV", {}, "RIFF"],
    ["WAV", { containerAudio: { containerAudioType: ContainerAudio_ContainerAudioType.WAV } }, "RIFF"],
    ["OggOpus", { containerAudio: { containerAudioType: ContainerAudio_ContainerAudioType.OGG_OPUS } }, "OggS"],
    ["MP3", { containerAudio: { containerAudioType: ContainerAudio_ContainerAudioType.MP3 } }, "\u00ff\u00fb"],
    ["bare samples", { rawAudio: { audioEncoding: 1, sampleRateHertz: 8000 } }, "\0\0\0\0"],
  ])("is synthesised as %s where the request says so: %j", async (_, outputAudioSpec, start) => {
    await using cloud = await startCloud();
    const authorization = keyOf(cloud, "ai.speechkit-tts.user", "yc.ai.speechkitTts.execute");
    using client = grpcClient(cloud, SynthesizerService, { authorization });
    const request = UtteranceSynthesisRequest.fromPartial({ text: "Are you there?", outputAudioSpec });
    const options = StreamSynthesisRequest.fromPartial({ options: { outputAudioSpec } });
    const input = StreamSynthesisRequest.fromPartial({ synthesisInput: { text: "Are you there?" } });

    const [whole] = await all(client.utteranceSynthesis(request));
    const [streamed] = await all(client.streamSynthesis(sent(options, input)));

    expect(whole?.audioChunk?.data.toString("latin1").startsWith(start)).toBe(true);
    expect(streamed?.audioChunk?.data.equals(whole!.audioChunk!.data)).toBe(true);
  });

  it.each([
    ["text=hello", 200, "audio/ogg", "OggS"],
    ["text=hello&format=oggopus", 200, "audio/ogg", "OggS"],
    ["text=hello&format=mp3", 200, "audio/mpeg", "\u00ff\u00fb"],
    ["text=hello&format=lpcm&sampleRateHertz=8000", 200, "audio/x-pcm", "\0\0"],
    ["text=hello&format=flac", 400, "application/json", "{"],
    ["text=hello&format=lpcm&sampleRateHertz=1", 400, "application/json", "{"],
  ])("answers in the first version %s with %i and %s", async (body, status, type, start) => {
    await using cloud = await startCloud();
    const authorization = keyOf(cloud, "ai.speechkit-tts.user", "yc.ai.speechkitTts.execute");

    const answer = await fetch(`${cloud.url}/speech/v1/tts:synthesize`, {
      method: "POST",
      headers: { authorization, "content-type": "application/x-www-form-urlencoded" },
      body,
    });

    expect(answer).toMatchObject({ status });
    expect(answer.headers.get("content-type")).toBe(type);
    expect(
      Buffer.from(await answer.arrayBuffer())
        .toString("latin1")
        .startsWith(start),
    ).toBe(true);
  });

  it("is refused with more than 64 MiB of sound in all, however small its pieces are", async () => {
    await using cloud = await startCloud();
    const authorization = keyOf(cloud, "ai.speechkit-stt.user", "yc.ai.speechkitStt.execute");
    using client = grpcClient(cloud, RecognizerService, { authorization });
    const pieces = Array.from({ length: 22 }, () => sound(3 * 1024 * 1024));

    const refusal = await all(client.recognizeStreaming(sent(options, ...pieces))).catch((error: unknown) => error);

    expect((refusal as ClientError).code).toBe(Status.RESOURCE_EXHAUSTED);
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
