import * as pulumi from "@pulumi/pulumi";
import { AiStudioAccess, type Capability } from "../../components";

// The program is the same for every environment: Pulumi.<stack>.yaml says what each application may do there.
const config = new pulumi.Config();

const [shop, search] = ["shop", "search"].map(
  (name) => new AiStudioAccess(name, { capabilities: config.requireObject<Capability[]>(name) }),
);

export const shopApiKey = shop?.apiKey;
export const shopFolderId = shop?.folderId;
export const searchApiKey = search?.apiKey;
