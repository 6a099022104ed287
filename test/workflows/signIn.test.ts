import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GITHUB, githubSubject, openIssuer } from "./issuer";
import type { Answer, Request } from "./outside";
import { runScript, startOutside, startProxy } from "./outside";

const PROOF = "proof-of-the-job";
const TOKEN = "t1.iam-token";

describe("the sign-in of a CI job", () => {
  it("turns a GitHub job's proof of identity into a token, which no log shows", async () => {
    await using job = await startJob();

    const { code, output } = await job.signIn(job.github);

    expect(code).toBe(0);
    expect(job.written()).toBe(`YC_TOKEN=${TOKEN}\n`);
    expect(statSync(job.file).mode & 0o777).toBe(0o600);
    expect(output).toBe(`::add-mask::${TOKEN}\nSigned in as service account aje1.\n`);
    const [proof, exchange] = job.requests;
    expect(proof).toMatchObject({
      path: "/proof?v=2&audience=https%3A%2F%2Fgithub.com%2Fshop",
      authorization: "Bearer r",
    });
    expect(Object.fromEntries(new URLSearchParams(exchange?.body))).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: "aje1",
      subject_token: PROOF,
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    });
  });

  it("takes GitLab's ID token as it is", async () => {
    await using job = await startJob();
    expect(await job.signIn({ YC_ID_TOKEN: PROOF })).toEqual({
      code: 0,
      output: "Signed in as service account aje1.\n",
    });
    expect(job.requests.map(({ path }) => path)).toEqual(["/exchange"]);
    expect(job.written()).toBe(`YC_TOKEN=${TOKEN}\n`);
  });

  it("takes SourceCraft's IAM token as it is", async () => {
    await using job = await startJob();
    expect(await job.signIn({ YC_IAM_TOKEN: TOKEN, YC_SERVICE_ACCOUNT_ID: "" })).toEqual({
      code: 0,
      output: "Signed in as the account of YC_IAM_TOKEN.\n",
    });
    expect(job.requests).toEqual([]);
    expect(job.written()).toBe(`YC_TOKEN=${TOKEN}\n`);
  });

  it("gets a key of one hour to the bucket, where the state is in one", async () => {
    await using job = await startJob();
    await job.signIn({ ...job.github, PULUMI_BACKEND_URL: "s3://state?region=ru-central1" });
    expect(job.written()).toBe(
      `YC_TOKEN=${TOKEN}\nAWS_ACCESS_KEY_ID=id\nAWS_SECRET_ACCESS_KEY=s/e+c=\nAWS_SESSION_TOKEN=s1.session\n`,
    );
    expect(job.requests.at(-1)).toMatchObject({
      path: "/iam/aws-compatibility/v1/ephemeralAccessKeys",
      authorization: `Bearer ${TOKEN}`,
      body: '{"sessionName":"ci","duration":"3600s"}',
    });
  });

  it("reads the passphrase from Lockbox, where a secret is named, and no log shows it", async () => {
    await using job = await startJob();
    const { output } = await job.signIn({ ...job.github, YC_PASSPHRASE_SECRET_ID: "e6q1" });
    expect(job.written()).toBe(`YC_TOKEN=${TOKEN}\nPULUMI_CONFIG_PASSPHRASE=a-long.passphrase\n`);
    expect(output).toContain("::add-mask::a-long.passphrase\n");
    expect(job.requests.at(-1)).toMatchObject({
      path: "/lockbox/v1/secrets/e6q1/payload",
      authorization: `Bearer ${TOKEN}`,
    });
  });

  it.each([
    [{ status: 403, body: {} }, /\(403\): may the account read secret e6q1 \(lockbox\.payloadViewer\)\?$/],
    [
      { body: { entries: [{ key: "password", textValue: "a-long.passphrase" }] } },
      /no PULUMI_CONFIG_PASSPHRASE that can/,
    ],
  ])("says what is wrong with the secret in Lockbox: %j", async (answer, sentence) => {
    await using job = await startJob((request) => (request.path.startsWith("/lockbox") ? answer : usual(request)));
    const { code, output } = await job.signIn({ YC_ID_TOKEN: PROOF, YC_PASSPHRASE_SECRET_ID: "e6q1" });
    expect([code, output.trim()]).toEqual([1, expect.stringMatching(sentence)]);
    expect(output).not.toContain("a-long.passphrase");
    expect(existsSync(job.file)).toBe(false);
  });

  it.each([
    ["today", githubSubject("dev"), "repo:shop@1234567/access@7654321:environment:dev"],
    ["before July 2026", githubSubject("dev", "shop/access"), "repo:shop/access:environment:dev"],
  ])(
    "names subject and audience when it is refused, not the answer: a repository made %s",
    async (_when, own, subject) => {
      const proof = openIssuer(GITHUB, Date.now).prove(own, GITHUB.audience);
      await using job = await startJob(({ path }) =>
        path === "/exchange" ? { status: 401, body: { error: proof } } : { body: { value: proof } },
      );
      expect(await job.signIn({ ...job.github, FAILURE_FILE: job.failure, GITHUB_STEP_SUMMARY: job.summary })).toEqual({
        code: 1,
        output: expect.stringMatching(
          /^Yandex Cloud refused the call to http:\S+ \(401\): does service account aje1 have /,
        ),
      });
      expect(job.read(job.failure)).toMatch(
        `have a federated credential for this job? The job showed subject ${subject}, audience https://github.com/shop and issuer ${GITHUB.issuer}, which the cloud compares letter by letter.\n`,
      );
      expect(job.read(job.summary)).toBe(job.read(job.failure));
      expect(job.read(job.failure)).not.toContain(proof);
      expect(existsSync(job.file)).toBe(false);
    },
  );

  it("shows how the job identifies itself, with the command that makes the credential, and signs in nowhere", async () => {
    const proof = openIssuer(GITHUB, Date.now).prove(githubSubject("dev"), GITHUB.audience);
    await using job = await startJob(() => ({ body: { value: proof } }));
    const { code, output } = await job.show(job.github);
    expect(code).toBe(0);
    expect(output).toBe(`issuer:   https://token.actions.githubusercontent.com
audience: https://github.com/shop
subject:  repo:shop@1234567/access@7654321:environment:dev

yc iam workload-identity federated-credential create --federation-id <federation> \\
  --service-account-id aje1 --external-subject-id 'repo:shop@1234567/access@7654321:environment:dev'

`);
    expect(job.requests.map(({ path }) => path)).toEqual([expect.stringMatching(/^\/proof/)]);
  });

  it.each([
    ["503", { status: 503, body: {} }],
    ["429 with a pause", { status: 429, headers: { "retry-after": "0" }, body: {} }],
    ["an answer that is cut off", { body: undefined }],
  ] satisfies [string, Answer][])("asks again where the failure may pass: %s", async (_what, failure) => {
    const failing = new Set(["/proof", "/exchange", "/iam", "/lockbox"]);
    await using job = await startJob((request) => {
      const part = [...failing].find((each) => request.path.startsWith(each));
      if (part) failing.delete(part);
      return part ? failure : usual(request);
    });
    const all = { PULUMI_BACKEND_URL: "s3://state", YC_PASSPHRASE_SECRET_ID: "e6q1" };
    expect(await job.signIn({ ...job.github, ...all })).toMatchObject({ code: 0 });
    expect(job.requests).toHaveLength(8);
  });

  it("gives up after four attempts, and does not wait for a service that asks for an hour", async () => {
    await using job = await startJob(() => ({ status: 502, body: {} }));
    expect((await job.signIn({ YC_ID_TOKEN: PROOF })).output).toMatch(/\(502, 4 attempts\): does service account/);
    await using busy = await startJob(() => ({ status: 429, headers: { "retry-after": "3600" }, body: {} }));
    expect((await busy.signIn({ YC_ID_TOKEN: PROOF })).output).toMatch(/\(429\): does service account/);
    expect(busy.requests).toHaveLength(1);
  });

  it.each(["HTTPS_PROXY", "https_proxy"])(
    "reaches every host through the proxy of %s, and this machine without",
    async (name) => {
      await using proxy = await startProxy();
      await using job = await startJob();
      const away = {
        [name]: proxy.url,
        YC_ID_TOKEN: PROOF,
        YC_WORKLOAD_IDENTITY_ENDPOINT: "https://auth.example.com/oauth/token",
      };
      const { code, output } = await job.signIn(away);
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(/^Yandex Cloud cannot be reached at https:\/\/auth\.example\.com/),
      ]);
      expect(new Set(proxy.asked)).toEqual(new Set(["CONNECT auth.example.com:443"]));

      proxy.asked.length = 0;
      expect(await job.signIn({ YC_ID_TOKEN: PROOF, [name]: proxy.url, HTTP_PROXY: proxy.url })).toMatchObject({
        code: 0,
      });
      const direct = { YC_ID_TOKEN: PROOF, YC_WORKLOAD_IDENTITY_ENDPOINT: "http://127.0.0.2:1", HTTP_PROXY: proxy.url };
      await job.signIn({ ...direct, NO_PROXY: "127.0.0.2" });
      expect(proxy.asked).toEqual([]);
    },
  );

  it("refuses a token that would be more than a value", async () => {
    await using job = await startJob(() => ({ body: { value: PROOF, access_token: "t1\nPATH=/evil" } }));
    const { code, output } = await job.signIn(job.github);
    expect([code, output]).toEqual([1, "Yandex Cloud answered no YC_TOKEN that can be used.\n"]);
    expect(existsSync(job.file)).toBe(false);
  });

  it.each([
    [{ YC_SERVICE_ACCOUNT_ID: "" }, "No service account is named: set the variable YC_SERVICE_ACCOUNT_ID"],
    [{}, "The job has no proof of its identity: give it `id-token: write` (GitHub), YC_ID_TOKEN (GitLab)"],
    [{ YC_ID_TOKEN: PROOF, YC_WORKLOAD_IDENTITY_ENDPOINT: "http://127.0.0.1:1" }, "cannot be reached at http://127."],
  ])("says what is missing: %j", async (env, sentence) => {
    await using job = await startJob();
    const { code, output } = await job.signIn(env);
    expect(code).toBe(1);
    expect(output).toContain(sentence);
    expect(output.trim().split("\n")).toHaveLength(1);
  });
});

const usual = ({ path }: Request): Answer => {
  if (path.startsWith("/proof")) return { body: { value: PROOF } };
  if (path === "/exchange") return { body: { access_token: TOKEN } };
  if (path.startsWith("/lockbox"))
    return { body: { entries: [{ key: "passphrase", textValue: "a-long.passphrase" }] } };
  return { body: { accessKeyId: "id", secret: "s/e+c=", sessionToken: "s1.session" } };
};

async function startJob(answer: (request: Request) => Answer = usual) {
  const outside = await startOutside(answer);
  const folder = mkdtempSync(join(tmpdir(), "job-"));
  const file = join(folder, "variables");
  const inside = {
    YC_SERVICE_ACCOUNT_ID: "aje1",
    YC_WORKLOAD_IDENTITY_ENDPOINT: `${outside.url}/exchange`,
    YC_IAM_URL: outside.url,
    YC_LOCKBOX_PAYLOAD_URL: outside.url,
    FIRST_PAUSE_MS: "1",
  };
  return {
    file,
    failure: join(folder, "failure.txt"),
    summary: join(folder, "summary.md"),
    read: (path: string) => readFileSync(path, "utf8"),
    requests: outside.requests,
    github: {
      GITHUB_ACTIONS: "true",
      GITHUB_REPOSITORY_OWNER: "shop",
      ACTIONS_ID_TOKEN_REQUEST_URL: `${outside.url}/proof?v=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "r",
    },
    written: () => readFileSync(file, "utf8"),
    signIn: (env: Record<string, string>) => runScript("signIn.mjs", [file], { ...inside, ...env }),
    show: (env: Record<string, string>) => runScript("signIn.mjs", ["--show"], { ...inside, ...env }),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
      await outside[Symbol.asyncDispose]();
    },
  };
}
