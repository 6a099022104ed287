import { DatasetServiceService, ListDatasetsRequest } from "@yandex-cloud/nodejs-sdk/ai-dataset-v1/dataset_service";
import { ListTuningsRequest, TuningServiceService } from "@yandex-cloud/nodejs-sdk/ai-tuning-v1/tuning_service";
import { ClientError, Status } from "nice-grpc";
import { accessFor, type Capability, capabilityNames } from "../../components/capabilities";
import type { Emulator } from "../../emulator/emulator";
import { probes } from "../../provider/probes";
import { grpcClient, startCloud } from "../support/cloud";

type Call = (cloud: Emulator, authorization: string) => Promise<unknown>;

/** Capabilities whose calls are made over gRPC, each with a call that changes nothing. */
const grpcCalls: Partial<Record<Capability, Call>> = {
  tuning: async (cloud, authorization) => {
    using client = grpcClient(cloud, TuningServiceService, { authorization });
    await client.list(ListTuningsRequest.fromPartial({ folderId: cloud.folderId }));
  },
  datasets: async (cloud, authorization) => {
    using client = grpcClient(cloud, DatasetServiceService, { authorization });
    await client.list(ListDatasetsRequest.fromPartial({ folderId: cloud.folderId }));
  },
};

/** Realtime and MCP have wires that the local cloud does not speak. */
const called = capabilityNames.filter((name) => name in probes || name in grpcCalls);

/** What a capability opens besides itself, because the vendor has no narrower role and scope for it. */
const alsoOpens: Partial<Record<Capability, Capability[]>> = {
  textGeneration: ["embeddings"],
  embeddings: ["textGeneration"],
  responses: ["textGeneration", "embeddings"],
  // Whoever may edit models may call them, and one does not tune without a dataset.
  tuning: [
    "datasets",
    "embeddings",
    "imageGeneration",
    "speechToText",
    "textGeneration",
    "textToSpeech",
    "translation",
    "vision",
  ],
};

async function isLetIn(cloud: Emulator, secret: string, capability: Capability): Promise<boolean> {
  const grpcCall = grpcCalls[capability];
  if (grpcCall) {
    return grpcCall(cloud, `Api-Key ${secret}`).then(
      () => true,
      (error: unknown) => {
        expect(error).toBeInstanceOf(ClientError);
        expect([Status.UNAUTHENTICATED, Status.PERMISSION_DENIED]).toContain((error as ClientError).code);
        return false;
      },
    );
  }
  const { path, body } = probes[capability]!;
  const response = await fetch(`${cloud.url}${path}`, {
    method: "POST",
    headers: { authorization: `Api-Key ${secret}`, "content-type": "application/json" },
    body: JSON.stringify(body(cloud.folderId)),
  });
  await response.text();
  expect(response.status).not.toBe(404);
  return response.status !== 401 && response.status !== 403;
}

describe("the roles and scopes of a capability", () => {
  it.each(called)("open the calls of %s and no others", async (capability) => {
    await using cloud = await startCloud();
    const { roles, scopes } = accessFor([capability]);
    const { secret } = cloud.addApiKey(cloud.addAccount({ name: "shop", roles }), { scopes });

    const open: Capability[] = [];
    for (const name of called) if (await isLetIn(cloud, secret, name)) open.push(name);

    expect(open.sort()).toEqual([capability, ...(alsoOpens[capability] ?? [])].sort());
  });

  it.each(called)("are both needed for %s", async (capability) => {
    await using cloud = await startCloud();
    const { roles, scopes } = accessFor([capability]);
    const roleOnly = cloud.addApiKey(cloud.addAccount({ name: "role", roles }), { scopes: ["yc.postbox.send"] });
    const scopeOnly = cloud.addApiKey(cloud.addAccount({ name: "scope" }), { scopes });

    expect(await isLetIn(cloud, roleOnly.secret, capability)).toBe(false);
    expect(await isLetIn(cloud, scopeOnly.secret, capability)).toBe(false);
  });
});
