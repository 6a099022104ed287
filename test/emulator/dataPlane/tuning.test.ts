import { DatasetServiceService, ListDatasetsRequest } from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset_service";
import { DatasetInfo_Status as DatasetStatus } from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset";
import { TuningTask_Status as TaskStatus } from "@yandex-cloud/nodejs-sdk/ai-tuning-v1/tuning_task";
import type { Emulator } from "../../../emulator/emulator";
import { chat } from "../../support/access";
import type { Json } from "../../support/api";
import { grpcClient } from "../../support/cloud";
import { draft, type Loose, readyDataset, rows, startStudio } from "../../support/studio";

const order = (cloud: Emulator, datasetId: string): Json => ({
  baseModelUri: `gpt://${cloud.folderId}/yandexgpt-lite/latest`,
  trainDatasets: [{ datasetId, weight: 1 }],
  validationDatasets: [],
  testDatasets: [],
  name: "polite",
  description: "",
  labels: {},
  textToTextCompletion: { seed: 1, lr: 0.1, nSamples: 10, additionalArguments: "" },
});

describe("a dataset", () => {
  it("is made, uploaded, validated, renamed and deleted", async () => {
    await using studio = await startStudio();
    const { cloud, datasets } = studio;

    const datasetId = await readyDataset(studio);
    await datasets.update({ datasetId, name: "hellos", description: "", labels: {}, updateMask: { paths: ["name"] } });

    expect(await datasets.describe({ datasetId })).toMatchObject({
      dataset: { name: "hellos", status: DatasetStatus.READY, rows: 2, sizeBytes: rows.length },
    });
    await datasets.delete({ datasetId });
    await expect(datasets.describe({ datasetId })).rejects.toThrow(`NOT_FOUND: Dataset ${datasetId} not found`);
    expect(cloud.writes("DatasetService")).toContain(`delete ${datasetId}`);
  });

  it("is invalid without a row, and takes an upload only at the address of the draft", async () => {
    await using studio = await startStudio();
    const datasetId = await draft(studio);

    const upload = await fetch(`${studio.cloud.url}/dataset-drafts/${datasetId}/0`, { method: "PUT", body: rows });
    await studio.datasets.validate({ datasetId });

    expect(upload.status).toBe(403);
    expect(await studio.datasets.describe({ datasetId })).toMatchObject({ dataset: { status: DatasetStatus.INVALID } });
  });
});

describe("the datasets of a folder", () => {
  it("are seen by who may view them, and made by who may edit them", async () => {
    await using studio = await startStudio();
    const { cloud } = studio;
    const datasetId = await draft(studio);
    const viewer = cloud.addAccount({ name: "viewer", roles: ["ai.datasets.viewer"] });
    const { secret } = cloud.addApiKey(viewer);
    using client = grpcClient(cloud, DatasetServiceService, { authorization: `Api-Key ${secret}` });
    const looking = client as unknown as Loose<typeof client>;

    const all = ListDatasetsRequest.fromPartial({ folderId: cloud.folderId });
    expect(await looking.list(all)).toMatchObject({ datasets: [{ datasetId }] });
    expect(await looking.describe({ datasetId })).toMatchObject({ dataset: { name: "greetings" } });
    await expect(looking.delete({ datasetId })).rejects.toThrow(/PERMISSION_DENIED/);
  });
});

describe("a tuning task", () => {
  it("ends with a model that answers like any other", async () => {
    await using studio = await startStudio();
    const { cloud, tunings, secret } = studio;
    const datasetId = await readyDataset(studio);

    const operation = await tunings.tune(order(cloud, datasetId));
    const { tuningTasks } = await tunings.list({ folderId: cloud.folderId, pageSize: 10, pageToken: "", status: 0 });
    const [task] = tuningTasks as Json[];
    const options = await tunings.getOptions({ taskId: task?.taskId });

    expect(operation).toMatchObject({ done: true });
    expect(task).toMatchObject({ name: "polite", status: TaskStatus.COMPLETED, operationId: operation.id });
    expect(options).toMatchObject({ textToTextCompletion: { nSamples: 10 }, trainDatasets: [{ datasetId }] });
    expect(await tunings.describe({ tuningTaskId: task?.taskId })).toMatchObject({ tuningTask: { name: "polite" } });
    expect(task).toMatchObject({
      taskId: operation.id,
      sourceModelUri: "gpt://yandexgpt-lite/latest",
      targetModelUri: expect.stringMatching(`^gpt://${cloud.folderId}/yandexgpt-lite/latest@tamr`) as string,
    });
    expect(await chat(cloud, secret, cloud.folderId, task?.targetModelUri as string)).toBe("200");
  });

  it("ends with a model whose vectors are as long as the longest that it was tuned for", async () => {
    await using studio = await startStudio();
    const { cloud, tunings, secret } = studio;
    const datasetId = await readyDataset(studio);
    const { textToTextCompletion: _, ...plain } = order(cloud, datasetId);
    const params = { seed: 1, lr: 0.1, nSamples: 10, additionalArguments: "", embeddingDims: [35, 128] };

    const baseModelUri = `emb://${cloud.folderId}/text-embeddings/latest`;
    await tunings.tune({ ...plain, baseModelUri, textEmbeddingPairParams: params });
    const page = { folderId: cloud.folderId, pageSize: 10, pageToken: "", status: 0 };
    const [task] = (await tunings.list(page)).tuningTasks as Json[];
    const lengthOf = async (path: string, body: Json) => {
      const answer = await fetch(cloud.url + path, {
        method: "POST",
        headers: { authorization: `Api-Key ${secret}`, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const { embedding, data } = (await answer.json()) as { embedding?: number[]; data?: { embedding: number[] }[] };
      return (embedding ?? data?.[0]?.embedding)?.length;
    };

    const model = task?.targetModelUri as string;
    expect(await lengthOf("/foundationModels/v1/textEmbedding", { modelUri: model, text: "hi" })).toBe(128);
    expect(await lengthOf("/foundationModels/v1/textEmbedding", { modelUri: model, text: "hi", dim: "35" })).toBe(35);
    expect(await lengthOf("/v1/embeddings", { model, input: "hi" })).toBe(128);
    expect(await lengthOf("/v1/embeddings", { model: baseModelUri, input: "hi" })).toBe(256);
  });

  it("can be called off while it runs", async () => {
    await using studio = await startStudio({ switches: { operations: { ms: 60_000 } } });
    const { cloud, tunings, datasets } = studio;
    const datasetId = await draft(studio);
    const { uploadUrl } = await datasets.getUploadDraftUrl({ datasetId, sizeBytes: rows.length });
    await fetch(uploadUrl as string, { method: "PUT", body: rows });
    await datasets.validate({ datasetId });
    cloud.clock.advance(61_000);

    await tunings.tune(order(cloud, datasetId));
    const page = { folderId: cloud.folderId, pageSize: 10, pageToken: "", status: 0 };
    const running = ((await tunings.list(page)).tuningTasks as Json[])[0];
    await tunings.cancel({ tuningTaskId: running?.taskId });
    cloud.clock.advance(61_000);

    expect(running).toMatchObject({ status: TaskStatus.CREATED, targetModelUri: "" });
    expect(await tunings.list(page)).toMatchObject({ tuningTasks: [{ status: TaskStatus.CANCELED }] });
  });

  it("is refused for data that were not validated, or are not there", async () => {
    await using studio = await startStudio();
    const { cloud, tunings } = studio;
    const datasetId = await draft(studio);

    await expect(tunings.tune(order(cloud, datasetId))).rejects.toThrow(
      /FAILED_PRECONDITION: .* has not been validated/,
    );
    await expect(tunings.tune(order(cloud, "fdsnone"))).rejects.toThrow("NOT_FOUND: Dataset fdsnone not found");
  });
});
