import {
  type RecognizeTextResponse,
  type TextRecognitionServiceServer,
  TextRecognitionServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-ocr-v1/ocr_service";
import { TextAnnotation } from "@yandex-cloud/nodejs-sdk/ai-ocr-v1/ocr";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";

/** yandex.cloud.ai.ocr.v1.TextRecognitionService. It reads nothing: it tells how much it was shown. */
export const recognition = (state: State) =>
  service<TextRecognitionServiceServer>(
    TextRecognitionServiceService,
    {
      recognize(request, call): RecognizeTextResponse[] {
        authorize(state, call, "ocr", []);
        const size = request.content?.length ?? 0;
        if (size === 0) refuse("INVALID_ARGUMENT", "content must not be empty");
        const textAnnotation = TextAnnotation.fromPartial({ fullText: `A local stand-in saw ${size} bytes` });
        return [{ textAnnotation, page: 0 }];
      },
    },
    "all",
  );
