import { BatchInferenceServiceService } from "@yandex-cloud/nodejs-sdk/ai-batch_inference-v1/batch_inference_service";
import { DatasetServiceService } from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset_service";
import { TextGenerationBatchServiceService } from "@yandex-cloud/nodejs-sdk/ai-foundation_models-v1/text_generation/text_generation_service";
import { TuningServiceService } from "@yandex-cloud/nodejs-sdk/ai-tuning-v1/tuning_service";
import type { EmulatorOptions } from "../../emulator/emulator";
import { accessFor } from "../../components/capabilities";
import type { Json } from "./api";
import { grpcClient, startCloud } from "./cloud";

/** Of a dataset for tuning. */
export const rows = '{"request":[{"role":"user","text":"Hi"}],"response":"Hello"}\n{"request":[],"response":"Bye"}\n';

/** A cloud with a key for datasets and what is made of them. */
export async function startStudio(options: EmulatorOptions = {}) {
  const cloud = await startCloud(options);
  const { roles, scopes } = accessFor(["tuning", "textGeneration"]);
  const { secret } = cloud.addApiKey(cloud.addAccount({ name: "tuner", roles }), { scopes });
  const authorization = `Api-Key ${secret}`;
  const datasets = grpcClient(cloud, DatasetServiceService, { authorization });
  const tunings = grpcClient(cloud, TuningServiceService, { authorization });
  const batches = grpcClient(cloud, BatchInferenceServiceService, { authorization });
  const completions = grpcClient(cloud, TextGenerationBatchServiceService, { authorization });
  return {
    cloud,
    secret,
    datasets: datasets as unknown as Loose<typeof datasets>,
    tunings: tunings as unknown as Loose<typeof tunings>,
    batches: batches as unknown as Loose<typeof batches>,
    completions: completions as unknown as Loose<typeof completions>,
    async [Symbol.asyncDispose]() {
      for (const client of [datasets, tunings, batches, completions]) client[Symbol.dispose]();
      await cloud.close();
    },
  };
}

/** The vendor's requests demand every field; a test names those that matter. */
export type Loose<Client> = { [Name in keyof Client]: (request: Json) => Promise<Json> };
type Studio = Awaited<ReturnType<typeof startStudio>>;

const blank = { description: "", metadata: "", labels: {}, uploadFormat: "jsonlines", allowDataLog: false };

/** The ID of a dataset without rows. */
export async function draft({ cloud, datasets }: Studio, name = "greetings"): Promise<string> {
  const wanted = { ...blank, folderId: cloud.folderId, name, taskType: "TextToTextGeneration" };
  return (await datasets.create(wanted)).datasetId as string;
}

/** The ID of a dataset with rows, validated. */
export async function readyDataset(studio: Studio): Promise<string> {
  const datasetId = await draft(studio);
  const { uploadUrl } = await studio.datasets.getUploadDraftUrl({ datasetId, sizeBytes: rows.length });
  expect((await fetch(uploadUrl as string, { method: "PUT", body: rows })).status).toBe(200);
  expect(await studio.datasets.validate({ datasetId })).toMatchObject({ done: true });
  return datasetId;
}
