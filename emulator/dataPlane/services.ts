import { type AsyncRecognizerServer, AsyncRecognizerService } from "@yandex-cloud/nodejs-sdk/ai-stt-v3/stt_service";
import type { Operations } from "../calls/operations";
import { type Service, service } from "../calls/service";
import type { State } from "../store/state";
import { batchInference } from "./batchInference";
import { datasets } from "./datasets";
import { imageGeneration } from "./imageGeneration";
import { recognition } from "./recognition";
import { search } from "./search";
import { recognizer, synthesizer } from "./speech";
import { textGeneration } from "./textGeneration";
import { translation } from "./translation";
import { tuning } from "./tuning";
import { vectors } from "./vectors";

/** Which role and scope open them is not documented, or nobody needs them to try a key: their calls answer UNIMPLEMENTED. */
const notEmulated = [service<AsyncRecognizerServer>(AsyncRecognizerService, {}, "all")];

/** Every AI service with a definition of its own. They authorize their callers themselves, by key or by token. */
export const aiServices = (state: State, operations: Operations): Service[] => [
  ...textGeneration(state, operations),
  ...batchInference(state, operations),
  ...vectors(state),
  ...search(state, operations),
  datasets(state, operations),
  imageGeneration(state, operations),
  ...notEmulated,
  recognition(state),
  recognizer(state),
  synthesizer(state),
  translation(state),
  tuning(state, operations),
];
