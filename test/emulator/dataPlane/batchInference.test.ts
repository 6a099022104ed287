import { BatchInferenceTask_Status as Status } from "@yandex-cloud/nodejs-sdk/ai-batch_inference-v1/batch_inference_task";
import { DatasetInfo_Status as DatasetStatus } from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset";
import type { Json } from "../../support/api";
import { draft, readyDataset, rows, startStudio } from "../../support/studio";

type Studio = Awaited<ReturnType<typeof startStudio>>;

/** Orders completions of a dataset, and tells the ID of the task. */
async function order(studio: Studio, sourceDatasetId: string): Promise<string> {
  const modelUri = `gpt://${studio.cloud.folderId}/gemma-3-12b-it/latest`;
  await studio.completions.completion({ modelUri, sourceDatasetId });
  const { tasks } = await listed(studio, 0);
  return (tasks as Json[]).at(-1)?.taskId as string;
}

describe("completions of a dataset", () => {
  it("end with a dataset of answers that says which task made it of what", async () => {
    await using studio = await startStudio();
    const sourceDatasetId = await readyDataset(studio);

    const taskId = await order(studio, sourceDatasetId);
    const { task } = await studio.batches.describe({ taskId });

    expect(task).toMatchObject({ taskId, status: Status.COMPLETED, sourceDatasetId });
    const { dataset } = await studio.datasets.describe({ datasetId: (task as Json).resultDatasetId });
    expect(dataset).toMatchObject({
      name: `Batch inference ${taskId} result`,
      status: DatasetStatus.READY,
      taskType: "TextToTextGeneration",
      rows: 2,
      labels: { foundation_models_batch_task_id: taskId, foundation_models_source_dataset: sourceDatasetId },
    });
    expect((dataset as { sizeBytes: number }).sizeBytes).toBeGreaterThan(rows.length);
  });

  it("are listed until they are deleted, which a task under way has to be called off for", async () => {
    await using studio = await startStudio();
    const { cloud, batches } = studio;
    const sourceDatasetId = await readyDataset(studio);
    cloud.switches.operations = { ms: 60_000 };
    const taskId = await order(studio, sourceDatasetId);

    await expect(batches.delete({ taskId })).rejects.toThrow(/FAILED_PRECONDITION: .* cancel it first/);
    await batches.cancel({ taskId });
    cloud.clock.advance(61_000);

    expect(await listed(studio, 0)).toMatchObject({ tasks: [{ taskId, status: Status.CANCELED }] });
    expect(await listed(studio, Status.COMPLETED)).toMatchObject({ tasks: [] });
    await batches.delete({ taskId });
    expect(await listed(studio, 0)).toMatchObject({ tasks: [] });
    await expect(batches.describe({ taskId })).rejects.toThrow(`NOT_FOUND: Batch inference task ${taskId} not found`);
  });

  it("are refused for a dataset that was not validated, and over REST to a key without its scope", async () => {
    await using studio = await startStudio();
    const { cloud } = studio;
    const sourceDatasetId = await draft(studio);
    const modelUri = `gpt://${cloud.folderId}/yandexgpt/latest`;
    const account = cloud.addAccount({ name: "narrow", roles: ["ai.languageModels.user"] });
    const { secret } = cloud.addApiKey(account, { scopes: ["yc.ai.translate.execute"] });

    const answer = await fetch(`${cloud.url}/foundationModels/v1/completionBatch`, {
      method: "POST",
      headers: { authorization: `Api-Key ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ modelUri, sourceDatasetId }),
    });

    expect(answer.status).toBe(401);
    await expect(order(studio, sourceDatasetId)).rejects.toThrow(/FAILED_PRECONDITION: .* has not been validated/);
  });
});

const listed = ({ cloud, batches }: Studio, status: Status) =>
  batches.list({ folderId: cloud.folderId, pageSize: 10, pageToken: "", status });
