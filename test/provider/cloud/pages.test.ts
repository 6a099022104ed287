import { pages } from "../../../provider/cloud/pages";

describe("a list in pages", () => {
  it("has the items of all pages, also of more than fit into the arguments of a call", async () => {
    const page = Array.from({ length: 200_000 }, (_, index) => index);
    const items = await pages(async (token) => ({ items: page, nextPageToken: token === "" ? "second" : "" }));

    expect(items).toHaveLength(400_000);
  });

  it("ends with a sentence when the cloud gives a page token twice", async () => {
    let calls = 0;
    const list = pages(async () => {
      calls += 1;
      return { items: ["item"], nextPageToken: "again" };
    });

    await expect(list).rejects.toThrow("the cloud gave the page token of a list twice, so the list would never end");
    expect(calls).toBe(2);
  });
});
