import type { Operations } from "../operations";
import type { Service } from "../service";
import type { State } from "../state";
import { datasets } from "./datasets";
import { imageGeneration } from "./imageGeneration";
import { recognition } from "./recognition";
import { search } from "./search";
import { recognizer, synthesizer } from "./speech";
import { textGeneration } from "./textGeneration";
import { translation } from "./translation";
import { tuning } from "./tuning";
import { vectors } from "./vectors";

/** Every AI service with a definition of its own. They admit their callers themselves, by key or by token. */
export const aiServices = (state: State, operations: Operations): Service[] => [
  ...textGeneration(state, operations),
  ...vectors(state),
  ...search(state, operations),
  datasets(state, operations),
  imageGeneration(state, operations),
  recognition(state),
  recognizer(state),
  synthesizer(state),
  translation(state),
  tuning(state, operations),
];
