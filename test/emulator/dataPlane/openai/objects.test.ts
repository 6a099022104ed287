import type { Emulator } from "../../../../emulator/emulator";
import { openApi } from "../../../support/api";
import { openAi } from "../../../support/aiClient";
import { startCloud } from "../../../support/cloud";

const agent = ["ai.assistants.editor"];
const textFile = (name: string, text: string) => ({ file: new File([text], name), purpose: "assistants" as const });

describe("what agents use beside models", () => {
  it("is kept in its folder until it is deleted", async () => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud, agent);

    const store = await openai.vectorStores.create({ name: "catalogue" });
    const file = await openai.files.create(textFile("list.txt", "ten bytes."));
    const conversation = await openai.conversations.create({ metadata: { shop: "one" } });
    await openai.vectorStores.update(store.id, { name: "goods" });
    await openai.conversations.update(conversation.id, { metadata: { shop: "two" } });

    expect(await openai.vectorStores.retrieve(store.id)).toMatchObject({ name: "goods", status: "completed" });
    expect(await openai.files.retrieve(file.id)).toMatchObject({ filename: "list.txt", bytes: 10 });
    expect(await openai.conversations.retrieve(conversation.id)).toMatchObject({ metadata: { shop: "two" } });
    expect((await openai.files.list()).data.map(({ id }) => id)).toEqual([file.id]);

    expect(await openai.vectorStores.delete(store.id)).toMatchObject({ deleted: true });
    expect(await openai.files.delete(file.id)).toMatchObject({ deleted: true });
    expect(await openai.conversations.delete(conversation.id)).toMatchObject({ deleted: true });
    await expect(openai.files.retrieve(file.id)).rejects.toThrow(`404 File with id '${file.id}' not found`);
    await expect(openai.vectorStores.update(store.id, { name: "again" })).rejects.toThrow(/^404/);
  });

  it("is not seen from another folder", async () => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud, agent);
    const stranger = openAi(cloud, agent, cloud.addFolder({ name: "other" })).openai;

    const store = await openai.vectorStores.create({ name: "catalogue" });
    const file = await openai.files.create(textFile("list.txt", "text"));

    expect((await stranger.vectorStores.list()).data).toEqual([]);
    await expect(stranger.vectorStores.retrieve(store.id)).rejects.toThrow(/^404/);
    const { id } = await stranger.vectorStores.create({});
    await expect(stranger.vectorStores.files.create(id, { file_id: file.id })).rejects.toThrow(/^404/);
  });

  it("goes with its folder", async () => {
    await using cloud = await startCloud();
    const folderId = cloud.addFolder({ name: "gone" });
    const { openai, model } = openAi(cloud, [...agent, "ai.languageModels.user"], folderId);
    const file = await openai.files.create(textFile("list.txt", "text"));
    await openai.vectorStores.create({ file_ids: [file.id] });
    const conversation = await openai.conversations.create({ items: [{ role: "user", content: "words" }] });
    await openai.responses.create({ model, conversation: conversation.id, input: "Hello" });

    using api = openApi(cloud, "grpc");
    await api.call("FolderService/Delete", { folderId, deleteAfter: new Date(cloud.clock.now()).toISOString() });

    for (const id of [file.id, conversation.id, folderId, "text/plain", "Hello from"])
      expect(leftOf(cloud)).not.toContain(id);
  });
});

/** The state, but for operations, which outlive what they were about. */
const leftOf = (cloud: Emulator) =>
  JSON.stringify({ ...(JSON.parse(cloud.dump()) as object), operations: {}, repeats: {} });

describe("a file", () => {
  it("gives its content back", async () => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud, agent);
    const { id } = await openai.files.create(textFile("list.txt", "ten bytes."));

    expect(await (await openai.files.content(id)).text()).toBe("ten bytes.");
  });

  it("is listed in pages", async () => {
    await using cloud = await startCloud();
    const { openai, ask } = openAi(cloud, agent);
    const ids: string[] = [];
    for (const name of ["a", "b", "c"]) ids.push((await openai.files.create(textFile(name, name))).id);

    const first = await openai.files.list({ limit: 2, order: "asc" });
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(first.has_more).toBe(true);
    expect((await first.getNextPage()).data.map(({ id }) => id)).toEqual(ids.slice(2));
    for (const query of ["limit=0", "limit=1000", "limit=x", "order=up", "after=file_none"])
      expect((await ask("GET", `/v1/files?${query}`)).status).toBe(400);
  });

  it("needs a purpose", async () => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud, agent);

    const purpose = "fun" as "assistants";
    await expect(openai.files.create({ ...textFile("list.txt", ""), purpose })).rejects.toThrow(
      "400 purpose must be one of",
    );
  });
});

describe("a vector store", () => {
  it("has files, and finds their pieces by the words of a query", async () => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud, agent);
    const [fruit, tools] = [
      await openai.files.create(textFile("fruit.txt", "Apples are red, and pears are green.")),
      await openai.files.create(textFile("tools.txt", "A hammer is heavy.")),
    ];

    const store = await openai.vectorStores.create({ name: "goods", file_ids: [fruit.id] });
    await openai.vectorStores.files.create(store.id, { file_id: tools.id, attributes: { kind: "tool" } });
    const found = await openai.vectorStores.search(store.id, { query: "green apples", max_num_results: 1 });

    expect(store.file_counts).toMatchObject({ completed: 1, total: 1 });
    expect((await openai.vectorStores.retrieve(store.id)).file_counts.total).toBe(2);
    expect(await openai.vectorStores.files.retrieve(tools.id, { vector_store_id: store.id })).toMatchObject({
      status: "completed",
      attributes: { kind: "tool" },
    });
    expect(found.data).toMatchObject([
      { file_id: fruit.id, filename: "fruit.txt", score: 1, content: [{ type: "text" }] },
    ]);
    await openai.vectorStores.files.delete(tools.id, { vector_store_id: store.id });
    expect((await openai.vectorStores.search(store.id, { query: "hammer" })).data).toEqual([]);
  });

  it("takes files in batches", async () => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud, agent);
    const files = [await openai.files.create(textFile("a", "a")), await openai.files.create(textFile("b", "b"))];
    const { id } = await openai.vectorStores.create({});

    const batch = await openai.vectorStores.fileBatches.createAndPoll(id, { file_ids: files.map((file) => file.id) });
    const listed = await openai.vectorStores.fileBatches.listFiles(batch.id, { vector_store_id: id });

    expect(batch).toMatchObject({ status: "completed", file_counts: { completed: 2 } });
    expect(listed.data.map((file) => file.id).sort()).toEqual(files.map((file) => file.id).sort());
  });
});
