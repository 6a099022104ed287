import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { listen } from "./listen";

/** The key of the secrets in every state that a Vault of this process opens. */
export const dataKey = randomBytes(32);

const NAME = "stacks";
const encryptedKey = Buffer.from(`vault:v1:${NAME}`).toString("base64");

/** What the settings of a stack and its state say of where their key is. */
export const inSettings = { secretsProvider: `hashivault://${NAME}`, encryptedKey };
export const inState = { type: "cloud", state: { url: inSettings.secretsProvider, encryptedkey: encryptedKey } };

/**
 * As much of a Vault as opens the key of a stack. The engine encrypts with it as with the key of a passphrase, which it
 * would have to make again at each start: a million hashes, half of what a small update costs.
 */
export async function startVault(): Promise<AsyncDisposable & { env: Record<string, string> }> {
  const server = createServer((request, response) => {
    const known = request.url === `/v1/transit/decrypt/${NAME}`;
    const answer = known ? { data: { plaintext: dataKey.toString("base64") } } : { errors: ["no such path"] };
    response.writeHead(known ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(answer));
    request.resume();
  });
  const listening = await listen(server);
  return { ...listening, env: { VAULT_SERVER_URL: listening.url, VAULT_SERVER_TOKEN: "a token for tests" } };
}
