import * as pulumi from "@pulumi/pulumi";
import * as yandex from "@pulumi/yandex";
import { AiStudioAccess } from "../../components/index";

/** The account that somebody made by hand, which the program adopts. */
export const ADOPTED = "sa-api";

/**
 * What is recorded of each released version: every resource of the provider, and the component with every argument, with
 * and without rotation, with a new account and an adopted one, at the top and under a parent. It must stay as it is:
 * a version that cannot preview it without a change would change it in every stack of a user, too.
 */
export async function recordedProgram() {
  const shop = new AiStudioAccess("shop", {
    capabilities: ["textGeneration", "imageGeneration", "responses"],
    serviceAccount: { description: "Sells.", labels: { team: "web" } },
    apiKey: { description: "Used by the shop." },
    rotation: { everyDays: 90, overlapDays: 30, anchor: "2027-01-01", trigger: "spring" },
    extraRoles: ["ai.guardrails.user"],
    extraScopes: ["yc.monitoring.read"],
    baseUrl: "https://proxy.example/v1",
  });
  const team = new pulumi.ComponentResource("example:index:Team", "team");
  const search = new AiStudioAccess(
    "search",
    {
      capabilities: ["search", "translation"],
      serviceAccount: { existingName: ADOPTED },
      apiKey: { expiresAt: "2099-01-01T00:00:00Z" },
    },
    { parent: team },
  );
  const hasty = new AiStudioAccess("hasty", { capabilities: ["speechToText"], waitUntilReady: false });

  const account = new yandex.IamServiceAccount("plain", { name: "plain", labels: { made: "by-hand" } });
  new yandex.ResourcemanagerFolderIamMember("plain-viewer", {
    folderId: account.folderId,
    role: "viewer",
    member: pulumi.interpolate`serviceAccount:${account.id}`,
  });
  const key = new yandex.IamServiceAccountApiKey("plain", {
    serviceAccountId: account.id,
    description: "A key without a component.",
    scopes: ["yc.ai.translate.execute", "yc.ai.vision.execute"],
    expiresAt: "2098-01-01T00:00:00Z",
  });
  return {
    shopApiKey: shop.apiKey,
    shopPreviousApiKey: shop.previousApiKey,
    shopFolderId: shop.folderId,
    searchApiKey: search.apiKey,
    hastyApiKey: hasty.apiKey,
    plainApiKey: key.secretKey,
  };
}
