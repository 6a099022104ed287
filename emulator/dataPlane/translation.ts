import {
  type TranslationServiceServer,
  TranslationServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-translate-v2/translation_service";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";

/** yandex.cloud.ai.translate.v2.TranslationService. It translates nothing: it marks the text with the language asked for. */
export const translation = (state: State) =>
  service<TranslationServiceServer>(
    TranslationServiceService,
    {
      translate(request, call) {
        authorize(state, call, "translate", [request.folderId]);
        if (request.texts.length === 0) refuse("INVALID_ARGUMENT", "texts must not be empty");
        if (request.targetLanguageCode === "") refuse("INVALID_ARGUMENT", "targetLanguageCode must be specified");
        const detectedLanguageCode = (text: string) => request.sourceLanguageCode || languageOf(text);
        return {
          translations: request.texts.map((text) => ({
            text: `[${request.targetLanguageCode}] ${text}`,
            detectedLanguageCode: detectedLanguageCode(text),
          })),
        };
      },
      detectLanguage(request, call) {
        authorize(state, call, "translate", [request.folderId]);
        if (request.text === "") refuse("INVALID_ARGUMENT", "text must not be empty");
        return { languageCode: languageOf(request.text) };
      },
      listLanguages(request, call) {
        authorize(state, call, "translate", [request.folderId]);
        return {
          languages: [
            { code: "en", name: "English" },
            { code: "ru", name: "русский" },
          ],
        };
      },
    },
    "all",
  );

const languageOf = (text: string) => (/\p{Script=Cyrillic}/u.test(text) ? "ru" : "en");
