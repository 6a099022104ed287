import { startCloud } from "../support/cloud";
import { blocksOf, startReader } from "./document";
import { startStrictBucket } from "../support/strictBucket";

const page = blocksOf("state.md")["In a bucket of Object Storage"]!;
const [, ADDRESS = ""] = /PULUMI_BACKEND_URL="([^"]+)"/.exec(page) ?? [];
const INIT = "npm run pulumi -- stack init dev";

describe("a storage that refuses checksums in trailers", () => {
  it("keeps the state at the address of docs/state.md, to which none are sent", async () => {
    await using cloud = await startCloud();
    await using bucket = await startStrictBucket();
    await using reader = startReader(cloud);
    const PULUMI_BACKEND_URL = ADDRESS.replace("<bucket>", "team-state").replace(
      "https://storage.yandexcloud.net",
      bucket.endpoint,
    );
    expect(PULUMI_BACKEND_URL).toContain(`endpoint=${bucket.endpoint}`);

    expect(await reader.sh(INIT, { ...bucket.env, PULUMI_BACKEND_URL })).toMatchObject({ code: 0 });
    expect(bucket.refused).toEqual([]);
  });

  it("refuses what is sent where only a variable names the endpoint, so the page does not do that", async () => {
    await using cloud = await startCloud();
    await using bucket = await startStrictBucket();
    await using reader = startReader(cloud);

    const { code, output } = await reader.sh(INIT, {
      ...bucket.env,
      PULUMI_BACKEND_URL: "s3://team-state/access?s3ForcePathStyle=true",
      AWS_REGION: "ru-central1",
      AWS_ENDPOINT_URL_S3: bucket.endpoint,
    });

    expect(bucket.refused).toContainEqual(expect.stringMatching(/^PUT \/team-state\/access\//));
    expect(output).toContain("NotImplemented");
    expect(code).not.toBe(0);
  });
});
