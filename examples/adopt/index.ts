import { AiStudioAccess } from "../../components";

// The account that was made by hand stays as it is, and so does the key that the application uses now. The roles are
// declared from here on, and a key beside the old one is made: deploy it, then delete the old one in the console.
const shop = new AiStudioAccess("shop", {
  capabilities: ["textGeneration", "imageGeneration"],
  serviceAccount: { existingName: "sa-api" },
});

export const apiKey = shop.apiKey;
export const serviceAccountId = shop.serviceAccountId;
