// Signs a CI job in to Yandex Cloud without a stored secret: `node ci/signIn.mjs <file>`. The job's own proof of identity
// (of GitHub Actions, or the ID token YC_ID_TOKEN of GitLab) is exchanged for an IAM token of the service account
// YC_SERVICE_ACCOUNT_ID; SourceCraft gives one by itself, as YC_IAM_TOKEN. Where the state is in a bucket, that is
// exchanged for a key of one hour to it; where YC_PASSPHRASE_SECRET_ID names a secret of Lockbox, the passphrase is read
// from there. The file gets lines NAME=value, of which GitHub and a shell make environment variables.
// `node ci/signIn.mjs --show` prints how the job identifies itself, and signs in nowhere.
/* global URLSearchParams */
import { appendFileSync, chmodSync } from "node:fs";
import { useProxy } from "../toolchain/proxy.mjs";
import { ask } from "./ask.mjs";
import { claimsOf, proofOf } from "./identity.mjs";

const { env } = process;
const EXCHANGE = env.YC_WORKLOAD_IDENTITY_ENDPOINT || "https://auth.yandex.cloud/oauth/token";
const IAM = env.YC_IAM_URL || "https://iam.api.cloud.yandex.net";
const LOCKBOX = env.YC_LOCKBOX_PAYLOAD_URL || "https://payload.lockbox.api.cloud.yandex.net";
const IS_GITHUB = env.GITHUB_ACTIONS === "true";

async function main([file]) {
  if (!file) throw new Error("No file is named for the variables: node ci/signIn.mjs <file>.");
  const obstacle = useProxy(env);
  if (obstacle) throw new Error(obstacle);
  if (file === "--show") return console.log(describeIdentity(claimsOf(await proofOf(env))));
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
  return exchange(account, await proofOf(env));
}

async function exchange(account, proof) {
  const body = new URLSearchParams({
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    audience: account,
    subject_token: proof,
    subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
  });
  const claims = claimsOf(proof);
  const shown =
    claims &&
    ` The job showed subject ${claims.subject}, audience ${claims.audience} and issuer ${claims.issuer}, which the cloud compares letter by letter.`;
  const hint = `does service account ${account} have a federated credential for this job?${shown ?? ""}`;
  return (await ask("Yandex Cloud", EXCHANGE, { method: "POST", body }, hint)).access_token;
}

/** What a federation and a federated credential of the cloud have to name. */
function describeIdentity(claims) {
  if (!claims) throw new Error("The proof of identity is not a JWT, so it shows no subject.");
  return `issuer:   ${claims.issuer}
audience: ${claims.audience}
subject:  ${claims.subject}

yc iam workload-identity federated-credential create --federation-id <federation> \\
  --service-account-id ${env.YC_SERVICE_ACCOUNT_ID || "<account>"} --external-subject-id '${claims.subject}'
`;
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
    "the job needs a key to the bucket of its state.",
  );
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: sessionToken };
}

async function passphrase(token, secret) {
  const url = `${LOCKBOX}/lockbox/v1/secrets/${encodeURIComponent(secret)}/payload`;
  const hint = `may the account read secret ${secret} (lockbox.payloadViewer)?`;
  const { entries = [] } = await ask("Yandex Cloud", url, { headers: { authorization: `Bearer ${token}` } }, hint);
  return { PULUMI_CONFIG_PASSPHRASE: entries.find(({ key }) => key === "passphrase")?.textValue };
}

main(process.argv.slice(2)).catch(({ message }) => {
  console.error(message);
  for (const file of [env.GITHUB_STEP_SUMMARY, env.FAILURE_FILE]) if (file) appendFileSync(file, `${message}\n`);
  process.exitCode = 1;
});
