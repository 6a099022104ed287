import { refusalOf } from "./errors";

/**
 * Finds the address at which a service of the cloud is to be called: host and port. `optional` is a caller that can do
 * without.
 */
export type AddressOf = (service: Service, optional?: boolean) => Promise<string>;

/** The services as the cloud's own directory names them. */
export type Service = "iam" | "operation" | "resource-manager" | "lockbox" | "lockbox-payload" | AiService;

export type AiService =
  | "ai-foundation-models"
  | "ai-stt"
  | "ai-translate"
  | "ai-tts-v3"
  | "ai-vision-ocr"
  | "fomo-dataset"
  | "fomo-tuning"
  | "searchapi"
  | "serverless-mcp-gateway";

/**
 * Services that the cloud's directory leaves out, by the first part of their host: `tts.api.cloud.yandex.net:443`. The vendor's
 * AI Studio SDK knows this one by heart too.
 */
const UNLISTED: Partial<Record<Service, string>> = { "ai-tts-v3": "tts" };

interface Entry {
  id: string;
  address: string;
}

/** Asks the directory once, when the first address is needed, however many ask. A failed question is asked again. */
export function discover(list: (optional?: boolean) => Promise<Entry[]>, endpoint: string): AddressOf {
  let directory: Promise<Map<string, string>> | undefined;

  async function ask(optional?: boolean): Promise<Map<string, string>> {
    try {
      return new Map((await list(optional)).map(({ id, address }) => [id, address]));
    } catch (error) {
      directory = undefined;
      // Without the refusal behind it: it says nothing of the thing that a call was to be about.
      const { message } = error as Error;
      if (refusalOf(error)?.sent === false) throw new Error(message);
      throw new Error(
        `${endpoint} did not return the addresses of the cloud's services: ${message}; check yandex:endpoint`,
      );
    }
  }

  return async (service, optional) => {
    const unlisted = UNLISTED[service];
    const listed = (await (directory ??= ask(optional))).get(service);
    const address = listed ?? (unlisted && `${unlisted}.${endpoint}`);
    if (!address) throw new Error(`${endpoint} has no address for the service ${service}; check yandex:endpoint`);
    return address;
  };
}
