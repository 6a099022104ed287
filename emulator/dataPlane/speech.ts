import { CodeType, StreamingResponse } from "@yandex-cloud/nodejs-sdk/ai-stt-v3/stt";
import { type RecognizerServer, RecognizerService } from "@yandex-cloud/nodejs-sdk/ai-stt-v3/stt_service";
import { type SynthesizerServer, SynthesizerService } from "@yandex-cloud/nodejs-sdk/ai-tts-v3/tts_service";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";
import type { AiRoute } from "./routes";

/** SpeechKit v1 over HTTP: bytes in, text out, and the other way round. */
export function speechRoutes(state: State): AiRoute[] {
  return [
    {
      route: "POST /speech/v1/stt:recognize",
      errors: "speech",
      answer({ call, query, bytes }) {
        authorize(state, call, "stt", [query.get("folderId") ?? undefined]);
        if (bytes.length === 0) refuse("INVALID_ARGUMENT", "audio should not be empty");
        return { json: { result: `A local stand-in heard ${bytes.length} bytes` } };
      },
    },
    {
      route: "POST /speech/v1/tts:synthesize",
      errors: "speech",
      answer({ call, bytes }) {
        const form = new URLSearchParams(bytes.toString());
        authorize(state, call, "tts", [form.get("folderId") ?? undefined]);
        const text = form.get("text") ?? form.get("ssml") ?? "";
        if (text === "") refuse("INVALID_ARGUMENT", "text or ssml must be specified");
        return { bytes: silence(text), type: "audio/x-wav" };
      },
    },
  ];
}

/** speechkit.tts.v3.Synthesizer, one utterance at a time or a text that comes in pieces. */
export const synthesizer = (state: State) =>
  service<SynthesizerServer>(
    SynthesizerService,
    {
      utteranceSynthesis(request, call) {
        authorize(state, call, "tts", []);
        const text = request.text ?? "";
        if (text === "") refuse("INVALID_ARGUMENT", "text must be specified");
        return spoken(text);
      },
      streamSynthesis(requests, call) {
        authorize(state, call, "tts", []);
        const text = requests.map((request) => request.synthesisInput?.text ?? "").join("");
        if (text === "") refuse("INVALID_ARGUMENT", "synthesisInput.text must be specified");
        return spoken(text);
      },
    },
    "all",
  );

/** speechkit.stt.v3.Recognizer. It hears nothing: it tells how much it was sent, once the sound has ended. */
export const recognizer = (state: State) =>
  service<RecognizerServer>(
    RecognizerService,
    {
      recognizeStreaming(requests, call) {
        authorize(state, call, "stt", []);
        if (!requests[0]?.sessionOptions) refuse("INVALID_ARGUMENT", "The first message must hold sessionOptions");
        const size = requests.reduce((sum, { chunk }) => sum + (chunk?.data.length ?? 0), 0);
        if (size === 0) refuse("INVALID_ARGUMENT", "audio should not be empty");
        const heard = heardFrom(size);
        const sessionUuid = { uuid: call.requestId, userRequestId: "" };
        return [
          StreamingResponse.fromPartial({ sessionUuid, final: heard }),
          StreamingResponse.fromPartial({ sessionUuid, finalRefinement: { finalIndex: 0, normalizedText: heard } }),
          StreamingResponse.fromPartial({ sessionUuid, eouUpdate: { timeMs: heard.alternatives[0]?.endTimeMs ?? 0 } }),
          StreamingResponse.fromPartial({ sessionUuid, statusCode: { codeType: CodeType.CLOSED } }),
        ];
      },
    },
    "all",
  );

/** One sentence on one channel, a word every 100 ms. */
function heardFrom(size: number) {
  const text = `A local stand-in heard ${size} bytes`;
  const words = text.split(" ").map((word, at) => ({ text: word, startTimeMs: 100 * at, endTimeMs: 100 * (at + 1) }));
  const endTimeMs = 100 * words.length;
  return { alternatives: [{ text, words, startTimeMs: 0, endTimeMs, confidence: 1 }], channelTag: "0" };
}

/** Of sound in one message; a longer one comes in several. */
const pieceBytes = 16_384;

function spoken(text: string) {
  const sound = silence(text);
  return Array.from({ length: Math.ceil(sound.length / pieceBytes) }, (_, at) => ({
    audioChunk: { data: sound.subarray(at * pieceBytes, (at + 1) * pieceBytes) },
    textChunk: at === 0 ? { text } : undefined,
    startMs: 0,
    lengthMs: lengthMs(text),
  }));
}

const sampleRate = 8000;
const lengthMs = (text: string) => Math.min(5000, 50 * text.length);

/** A WAV file, silent, as long as the text would take: a player opens it, and nobody takes it for a voice. */
function silence(text: string): Buffer {
  const size = ((sampleRate * lengthMs(text)) / 1000) * 2;
  const head = Buffer.alloc(44);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(36 + size, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(sampleRate, 24);
  head.writeUInt32LE(sampleRate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(size, 40);
  return Buffer.concat([head, Buffer.alloc(size)]);
}
