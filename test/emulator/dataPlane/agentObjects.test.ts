import OpenAI from "openai";
import type { Emulator } from "../../../emulator/emulator";
import { startCloud } from "../../support/cloud";

const scopes = ["yc.ai.foundationModels.execute"];

describe("what agents use beside models", () => {
  it("keeps vector stores, conversations and files of a folder until they are deleted", async () => {
    await using cloud = await startCloud();
    const openai = client(cloud);

    const store = await openai.vectorStores.create({ name: "catalogue" });
    const file = await openai.files.create({ file: new File(["ten bytes."], "list.txt"), purpose: "assistants" });
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
    await expect(openai.files.retrieve(file.id)).rejects.toThrow(`404 No files with id ${file.id}`);
    await expect(openai.vectorStores.update(store.id, { name: "again" })).rejects.toThrow(/^404/);
  });

  it("shows what agents use in their own folder only", async () => {
    await using cloud = await startCloud();
    const openai = client(cloud);
    const other = cloud.addFolder({ name: "other" });
    const stranger = client(cloud, other);

    const store = await openai.vectorStores.create({ name: "catalogue" });

    expect((await stranger.vectorStores.list()).data).toEqual([]);
    await expect(stranger.vectorStores.retrieve(store.id)).rejects.toThrow(/^404/);
  });
});

function client(cloud: Emulator, folderId = cloud.folderId): OpenAI {
  const account = cloud.addAccount({ name: `agent-of-${folderId}`, folderId, roles: ["ai.assistants.editor"] });
  const { secret: apiKey } = cloud.addApiKey(account, { scopes });
  return new OpenAI({ apiKey, baseURL: `${cloud.url}/v1`, project: folderId, maxRetries: 0 });
}
