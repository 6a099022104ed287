import {
  type GenSearchRequest,
  GenSearchRequest as GenSearch,
  GenSearchServiceService,
} from "@yandex-cloud/nodejs-sdk/searchapi-v2/gen_search_service";
import {
  ImageSearchByImageRequest,
  ImageSearchServiceService,
} from "@yandex-cloud/nodejs-sdk/searchapi-v2/img_search_service";
import { WebSearchRequest, WebSearchServiceService } from "@yandex-cloud/nodejs-sdk/searchapi-v2/search_service";
import type { Emulator } from "../../../emulator/emulator";
import { grpcClient, startCloud } from "../../support/cloud";

describe("a search", () => {
  it("finds pages, in XML or HTML", async () => {
    await using cloud = await startCloud();
    using client = grpcClient(cloud, WebSearchServiceService, signedIn(cloud));
    const search = async (format: number) => {
      const { folderId } = cloud;
      const query = { queryText: "<shop> & \u0001co" };
      const request = WebSearchRequest.fromPartial({ folderId, query, responseFormat: format });
      return (await client.search(request)).rawData.toString();
    };

    const xml = await search(1);
    expect(xml).toMatch(/^<\?xml /);
    expect(xml.match(/<group>/g)).toHaveLength(2);
    expect(xml).toContain("<query>&#60;shop&#62; &#38; co</query>");
    expect(await search(2)).toMatch(/^<!DOCTYPE html>/);
  });

  it("runs as an operation, over REST", async () => {
    await using cloud = await startCloud();
    const body = JSON.stringify({
      folderId: cloud.folderId,
      query: { queryText: "shop" },
      responseFormat: "FORMAT_HTML",
    });

    const answer = await fetch(`${cloud.url}/v2/web/searchAsync`, { method: "POST", headers: signedIn(cloud), body });
    const operation = (await answer.json()) as { done: boolean; metadata?: object; response: { rawData: string } };

    expect(operation.done).toBe(true);
    expect(operation.metadata).toBeUndefined();
    expect(Buffer.from(operation.response.rawData, "base64").toString()).toMatch(/^<!DOCTYPE html>/);
  });

  it("finds images by an image, and answers by the pages that it found", async () => {
    await using cloud = await startCloud();
    const { folderId } = cloud;
    const credentials = signedIn(cloud);
    using images = grpcClient(cloud, ImageSearchServiceService, credentials);
    using answers = grpcClient(cloud, GenSearchServiceService, credentials);

    const alike = await images.searchByImage(ImageSearchByImageRequest.fromPartial({ folderId, id: "1/a" }));
    const messages: GenSearchRequest["messages"] = [{ content: "what is a shop", role: 1 }];
    const parts = [];
    for await (const part of answers.search(GenSearch.fromPartial({ folderId, messages }))) parts.push(part);

    expect(alike).toMatchObject({ id: "1/a", images: [{ host: "example.com" }, {}] });
    expect(parts).toMatchObject([{ message: { role: 2 }, sources: [{ used: true }, {}] }]);
    await expect(images.searchByImage(ImageSearchByImageRequest.fromPartial({ folderId }))).rejects.toThrow(
      "INVALID_ARGUMENT: One of url, data and id must be specified",
    );
  });
});

function signedIn(cloud: Emulator): { authorization: string } {
  const account = cloud.addAccount({ name: "searcher", roles: ["search-api.webSearch.user"] });
  return { authorization: `Api-Key ${cloud.addApiKey(account, { scopes: ["yc.search-api.execute"] }).secret}` };
}
