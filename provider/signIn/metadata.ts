import type { World } from "../world";
import type { IamToken } from "./tokens";
import { expiry } from "./workloadIdentity";

const PATH = "/computeMetadata/v1/instance/service-accounts/default/token";
/** On a virtual machine it answers within milliseconds; on another machine a user should not wait long for the answer. */
const TIMEOUT_MS = 1000;
const ATTEMPTS = 2;

/** The token of the service account that the virtual machine runs as. */
export async function askMetadata(address: string, world: World): Promise<IamToken> {
  const asked = world.now();
  const response = await reach(`http://${address}${PATH}`, world);
  if (!response) throw new Error(`${NOTHING_SAID}, and this machine has no instance metadata at ${address}`);
  if (response.status === 404) {
    throw new Error(
      `${NOTHING_SAID}, and this virtual machine has no service account; attach one, or give a credential`,
    );
  }
  const { answer } = response;
  if (response.ok && typeof answer.access_token === "string") {
    return { value: answer.access_token, expiresAt: expiry(asked, answer.expires_in) };
  }
  throw new Error(`${NOTHING_SAID}, and the instance metadata at ${address} gave no token (HTTP ${response.status})`);
}

const NOTHING_SAID =
  "no credential is given (the settings token, serviceAccountKeyFile and workloadIdentityToken and the variables YC_TOKEN, YC_IAM_TOKEN and YC_SERVICE_ACCOUNT_KEY_FILE are empty)";

async function reach(
  url: string,
  world: World,
): Promise<{ ok: boolean; status: number; answer: Record<string, unknown> } | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    using limit = world.timeLimit(TIMEOUT_MS);
    try {
      const response = await world.fetch(url, {
        headers: { "Metadata-Flavor": "Google" },
        redirect: "error",
        signal: limit.signal,
      });
      const answer = (await response.json().catch(() => ({}))) as Record<string, unknown>;
      return { ok: response.ok, status: response.status, answer };
    } catch {
      // Refused, unreachable or silent: it makes no difference to what is said in the end.
    }
  }
  return undefined;
}
