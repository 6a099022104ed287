import {
  type ImageGenerationAsyncServiceServer,
  ImageGenerationAsyncServiceService,
} from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/image_generation/image_generation_service";
import { typed } from "../calls/messages";
import type { Operations } from "../calls/operations";
import type { TypedJson } from "../store/records";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { authorize } from "./authorization";
import { folderOfModel, modelVersion, requireModel } from "./models";

/** Image generation: an operation whose response holds the image. */
export function imageGeneration(state: State, operations: Operations) {
  const later = operations.effect<TypedJson>("imageGeneration", (response) => response);

  return service<ImageGenerationAsyncServiceServer>(
    ImageGenerationAsyncServiceService,
    {
      generate(request, call) {
        authorize(state, call, "image", [folderOfModel(request.modelUri)]);
        requireModel(state, request.modelUri, ["art"]);
        if (request.messages.every((message) => message.text === "")) refuse("INVALID_ARGUMENT", "Empty message list");
        return later(call, {
          idPrefix: "fbv",
          // Recorded: no more than an id.
          description: "",
          resourceId: "",
          payload: typed("yandex.cloud.ai.foundation_models.v1.image_generation.ImageGenerationResponse", {
            image: pixel,
            modelVersion,
          }),
        });
      },
    },
    "all",
  );
}

/** The smallest JPEG: one grey pixel. */
const pixel = Buffer.from(
  "/9j/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxD/2Q==",
  "base64",
);
