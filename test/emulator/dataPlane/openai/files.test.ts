import { openAi } from "../../../support/aiClient";
import { startCloud } from "../../../support/cloud";

const MIB = 1024 * 1024;

describe("the contents of files", () => {
  it("are kept up to 64 MiB in all, the newest, and the files themselves all", async () => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud, ["ai.assistants.editor"]);
    const upload = async (name: string, bytes = MIB) => {
      const file = new File([new Uint8Array(bytes).fill(name.charCodeAt(0))], name);
      return (await openai.files.create({ file, purpose: "assistants" })).id;
    };
    const [first, second] = [await upload("a", 10), await upload("b", MIB - 96)];

    // In base64, as they are kept, all but the first are the limit to the byte.
    for (let n = 0; n < 46; n += 1) await upload("c");
    expect(await (await openai.files.content(first)).text()).toBe("a".repeat(10));
    const last = await upload("d");

    await expect(openai.files.content(first)).rejects.toThrow("keeps contents of at most");
    expect((await (await openai.files.content(second)).text()).length).toBe(MIB - 96);
    expect(await (await openai.files.content(last)).text()).toBe("d".repeat(MIB));
    expect(await openai.files.retrieve(first)).toMatchObject({ filename: "a", bytes: 10 });
  });

  it("are not kept of a file of more than a MiB, which is there none the less", async () => {
    await using cloud = await startCloud();
    const { openai } = openAi(cloud, ["ai.assistants.editor"]);

    const file = new File([new Uint8Array(MIB + 1)], "large");
    const { id } = await openai.files.create({ file, purpose: "assistants" });

    expect(await openai.files.retrieve(id)).toMatchObject({ filename: "large", bytes: MIB + 1 });
    await expect(openai.files.content(id)).rejects.toThrow(`keeps contents of at most ${MIB} bytes`);
  });
});
