import { ask } from "./ask.mjs";

/** The job's proof of identity: GitLab hands it over as YC_ID_TOKEN, GitHub is asked for it. */
export async function proofOf(env) {
  if (env.YC_ID_TOKEN) return env.YC_ID_TOKEN;
  if (!env.ACTIONS_ID_TOKEN_REQUEST_URL) {
    throw new Error(
      "The job has no proof of its identity: give it `id-token: write` (GitHub), YC_ID_TOKEN (GitLab) or YC_IAM_TOKEN (SourceCraft).",
    );
  }
  const url = new URL(env.ACTIONS_ID_TOKEN_REQUEST_URL);
  url.searchParams.set("audience", `https://github.com/${env.GITHUB_REPOSITORY_OWNER}`);
  const headers = { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
  return (await ask("GitHub", url, { headers })).value;
}

/** Whose proof it is and for whom: `{ issuer, audience, subject }`, no secrets. Undefined if it is not a JWT. */
export function claimsOf(proof) {
  try {
    const { iss, aud, sub } = JSON.parse(Buffer.from(proof.split(".")[1], "base64url").toString());
    return { issuer: iss, audience: [aud].flat().join(", "), subject: sub };
  } catch {
    return undefined;
  }
}
