import { createServer } from "node:http";
import { connect } from "../../../provider/cloud";
import type { Context } from "../../../provider/contract/resource";
import { awaitAccess } from "../../../provider/resources/aiStudioKeyValidation/awaitAccess";
import { listen } from "../../support/listen";
import { settingsFor, testWorld } from "../../support/smallCloud";

/** What the validation of a key says when AI Studio answers every request so. */
async function validate(status: number, body: string): Promise<string> {
  await using server = await listen(createServer((_request, response) => response.writeHead(status).end(body)));
  const settings = settingsFor("127.0.0.1:9", { aiEndpoint: server.url });
  const world = testWorld();
  using cloud = connect(settings, world);
  const { signal } = new AbortController();
  const context = { ...world, cloud, settings, signal, logStatus: () => {} } as unknown as Context;
  const key = {
    secretKey: "a-key-that-nobody-made",
    folderId: "b1g00000000000000001",
    capabilities: ["textGeneration"],
  };
  return await awaitAccess(key, 0, context);
}

const JSON_ERROR = JSON.stringify({ error: { message: "Failed to get model" } });
const PAGE = "<!DOCTYPE html><title>Sign in to the network</title>";

describe("the validation of a key", () => {
  it.each([
    [200, "{}"],
    [400, JSON_ERROR],
  ])("takes %i of the service for an accepted key", async (status, body) => {
    expect(await validate(status, body)).toBe("works");
  });

  it.each([
    [401, JSON_ERROR, /^textGeneration answered 401 Failed to get model$/],
    [403, JSON_ERROR, /^textGeneration answered 403 /],
    [429, "{}", /^textGeneration answered 429 too many requests$/],
    [503, "", /^textGeneration answered 503 /],
    [
      302,
      "",
      /^textGeneration answered 302, which is not an answer of the service; check yandex:aiEndpoint and the proxy$/,
    ],
    [404, JSON_ERROR, /^textGeneration answered 404, which is not an answer of the service/],
    [407, PAGE, /^textGeneration answered 407, which is not an answer of the service/],
    [200, PAGE, /^textGeneration answered 200, which is not an answer of the service/],
  ])("does not take %i for an accepted key", async (status, body, words) => {
    expect(await validate(status, body)).toMatch(words);
  });
});
