import { CodeType, StreamingResponse } from "@yandex-cloud/nodejs-sdk/ai-stt-v3/stt";
import { type RecognizerServer, RecognizerService } from "@yandex-cloud/nodejs-sdk/ai-stt-v3/stt_service";
import { type AudioFormatOptions, ContainerAudio_ContainerAudioType } from "@yandex-cloud/nodejs-sdk/ai-tts-v3/tts";
import { type SynthesizerServer, SynthesizerService } from "@yandex-cloud/nodejs-sdk/ai-tts-v3/tts_service";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";
import type { AiRoute } from "./routes";
import { contentTypes, silence, type SoundFormat } from "./silence";

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
        const format = formatOfForm(form);
        return { bytes: silence(format, lengthMs(text)), type: contentTypes[format.container] };
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
        return spoken(text, formatOfSpec(request.outputAudioSpec));
      },
      streamSynthesis(requests, call) {
        authorize(state, call, "tts", []);
        const text = requests.map((request) => request.synthesisInput?.text ?? "").join("");
        if (text === "") refuse("INVALID_ARGUMENT", "synthesisInput.text must be specified");
        const options = requests.find((request) => request.options)?.options;
        return spoken(text, formatOfSpec(options?.outputAudioSpec));
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
const pieceMs = 2_000;

function spoken(text: string, format: SoundFormat) {
  const whole = lengthMs(text);
  const sound = silence(format, whole);
  const count = Math.ceil(whole / pieceMs);
  // Whole samples of 16 bits in each.
  const size = 2 * Math.ceil(sound.length / count / 2);
  return Array.from({ length: count }, (_, at) => ({
    audioChunk: { data: sound.subarray(at * size, (at + 1) * size) },
    textChunk: at === 0 ? { text } : undefined,
    startMs: at * pieceMs,
    lengthMs: Math.min(pieceMs, whole - at * pieceMs),
  }));
}

const lengthMs = (text: string) => Math.min(5000, 50 * text.length);

/** What a form of SpeechKit v1 asks for. The documentation: OggOpus by default, LPCM without a header, at 48 kHz by default. */
function formatOfForm(form: URLSearchParams): SoundFormat {
  const format = form.get("format") ?? "oggopus";
  if (format === "oggopus") return { container: "ogg" };
  if (format === "mp3") return { container: "mp3" };
  if (format !== "lpcm") return refuse("INVALID_ARGUMENT", "format must be lpcm, oggopus or mp3");
  const sampleRate = Number(form.get("sampleRateHertz") ?? 48_000);
  if (![8000, 16_000, 48_000].includes(sampleRate))
    refuse("INVALID_ARGUMENT", "sampleRateHertz must be 8000, 16000 or 48000");
  return { container: "raw", sampleRate };
}

const containers = {
  [ContainerAudio_ContainerAudioType.OGG_OPUS]: { container: "ogg" },
  [ContainerAudio_ContainerAudioType.MP3]: { container: "mp3" },
} as const satisfies Partial<Record<ContainerAudio_ContainerAudioType, SoundFormat>>;

/** What a message of SpeechKit v3 asks for: by its definition WAV at 22,050 Hz by default. */
function formatOfSpec(spec: AudioFormatOptions | undefined): SoundFormat {
  const wav = { container: "wav", sampleRate: 22_050 } as const;
  if (!spec?.rawAudio) return containers[spec?.containerAudio?.containerAudioType as keyof typeof containers] ?? wav;
  const sampleRate = spec.rawAudio.sampleRateHertz || wav.sampleRate;
  if (!(sampleRate >= 8000 && sampleRate <= 48_000))
    refuse("INVALID_ARGUMENT", "rawAudio.sampleRateHertz must be from 8000 to 48000");
  return { container: "raw", sampleRate };
}
