// Signs a CI job in to Yandex Cloud without a stored secret: `node ci/signIn.mjs <file>`. The job's own proof of identity
// (of GitHub Actions, or the ID token YC_ID_TOKEN of GitLab) is exchanged for an IAM token of the service account
// YC_SERVICE_ACCOUNT_ID; SourceCraft gives one by itself, as YC_IAM_TOKEN. Where the state is in a bucket, that is
// exchanged for a key of one hour to it; where YC_PASSPHRASE_SECRET_ID names a secret of Lockbox, the passphrase is read
// from there. The file gets lines NAME=value, of which GitHub and a shell make environment variables.
/* global URLSearchParams */
import { appendFileSync, chmodSync } from "node:fs";

const { env } = process;
const EXCHANGE = env.YC_WORKLOAD_IDENTITY_ENDPOINT || "https://auth.yandex.cloud/oauth/token";
const IAM = env.YC_IAM_URL || "https://iam.api.cloud.yandex.net";
const LOCKBOX = env.YC_LOCKBOX_PAYLOAD_URL || "https://payload.lockbox.api.cloud.yandex.net";
const IS_GITHUB = env.GITHUB_ACTIONS === "true";

async function main([file]) {
  if (!file) throw new Error("No file is named for the variables: node ci/signIn.mjs <file>.");
  const token = env.YC_IAM_TOKEN || (await iamToken());
  const variables = {
    YC_TOKEN: token,
    ...(env.PULUMI_BACKEND_URL?.startsWith("s3://") && (await bucketKey(token))),
    ...(env.YC_PASSPHRASE_SECRET_ID && (await passphrase(token, env.YC_PASSPHRASE_SECRET_ID))),
  };
  for (const [name, value] of Object.entries(variables)) {
    // A value of another form could set other variables, or run in the shell that reads the file.
    if (!/^[\w.+/=~-]+$/.test(value ?? "")) throw new Error(`Yandex Cloud answered no ${name} that can be used.`);
    if (IS_GITHUB) console.log(`::add-mask::${value}`);
  }
  appendFileSync(
    file,
    Object.entries(variables)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(""),
    { mode: 0o600 },
  );
  chmodSync(file, 0o600);
  console.error(
    `Signed in as ${env.YC_IAM_TOKEN ? "the account of YC_IAM_TOKEN" : `service account ${env.YC_SERVICE_ACCOUNT_ID}`}.`,
  );
}

async function iamToken() {
  const account = env.YC_SERVICE_ACCOUNT_ID;
  if (!account)
    throw new Error("No service account is named: set the variable YC_SERVICE_ACCOUNT_ID for this environment.");
  return exchange(account, await identity());
}

async function identity() {
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

async function exchange(account, subject) {
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    audience: account,
    subject_token: subject,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  });
  const hint = `does service account ${account} have a federated credential for this job?`;
  return (await ask("Yandex Cloud", EXCHANGE, { method: "POST", body }, hint)).access_token;
}

async function bucketKey(token) {
  const { accessKeyId, secret, sessionToken } = await ask(
    "Yandex Cloud",
    `${IAM}/iam/aws-compatibility/v1/ephemeralAccessKeys`,
    {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ sessionName: "ci", duration: "3600s" }),
    },
  );
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: sessionToken };
}

async function passphrase(token, secret) {
  const url = `${LOCKBOX}/lockbox/v1/secrets/${encodeURIComponent(secret)}/payload`;
  const hint = `may the account read secret ${secret} (lockbox.payloadViewer)?`;
  const { entries = [] } = await ask("Yandex Cloud", url, { headers: { authorization: `Bearer ${token}` } }, hint);
  return { PULUMI_CONFIG_PASSPHRASE: entries.find(({ key }) => key === "passphrase")?.textValue };
}

/** The answer as JSON. What a refusal says beyond its status may quote the token, so it is not shown. */
async function ask(who, url, request, hint = "run the job again, or see whether the service works.") {
  const { origin } = new URL(url);
  const response = await fetch(url, request).catch((error) => {
    throw new Error(`${who} cannot be reached at ${origin} (${error.cause?.code ?? error.message}): ${hint}`);
  });
  if (!response.ok) throw new Error(`${who} refused the sign-in at ${origin} (${response.status}): ${hint}`);
  return response.json();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
