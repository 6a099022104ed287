import { AiStudioAccess } from "../../components";

const shop = new AiStudioAccess("shop", {
  capabilities: ["textGeneration", "imageGeneration"],
  rotation: { everyDays: 90, overlapDays: 14, anchor: "2026-01-01" },
});

export const apiKey = shop.apiKey; // a secret, encrypted in the state
export const baseUrl = shop.baseUrl;
export const model = shop.modelUri("yandexgpt/latest");
