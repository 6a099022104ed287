import { constants, generateKeyPairSync, verify } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ServerError, Status } from "nice-grpc";
import { connect } from "../../../provider/cloud";
import { isNotFound } from "../../../provider/cloud/errors";
import { readProviderSettings } from "../../../provider/settings";
import { listen } from "../../support/listen";
import { startSmallCloud, settingsFor, testWorld, TOKEN } from "../../support/smallCloud";
import type { Handler } from "../../support/smallCloud";

const OAUTH = `y0_${"o".repeat(40)}`;
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
// As the vendor's own tools write it, with a line before the key.
const NOTED_PEM = `PLEASE DO NOT REMOVE THIS LINE! Yandex.Cloud SA Key ID <aje0key>\n${PEM}`;
const KEY = { id: "aje0key", service_account_id: "aje0account", private_key: NOTED_PEM };
const CAMEL_KEY = { id: "aje0key", serviceAccountId: "aje0account", privateKey: PEM };

const folder = {
  "FolderService/Get": () => ({ id: "f", cloudId: "c", name: "", description: "", labels: {}, status: 1 }),
};
const issue: Record<string, Handler> = {
  "IamTokenService/Create": () => ({ iamToken: TOKEN, expiresAt: new Date(Date.now() + 3_600_000) }),
};

/** Makes one call with these settings, on a server that gives tokens, and tells what came of it. */
async function call(config: Record<string, unknown>, world = testWorld(), handlers: Record<string, Handler> = issue) {
  await using server = await startSmallCloud({ ...folder, ...handlers });
  const settings = settingsFor(server.address, { token: undefined, ...config });
  using cloud = connect(settings, world);
  const result = await cloud.resourceManager.folders.get({ folderId: "f" }).catch((error: Error) => error);
  return { result, server };
}

describe("a key of a service account", () => {
  it.each([
    ["text", JSON.stringify(KEY)],
    ["text in camel case", JSON.stringify(CAMEL_KEY)],
    ["text in base64", Buffer.from(JSON.stringify(KEY)).toString("base64")],
    ["a file", "key.json"],
    ["a file at home", "~/key.json"],
  ])(
    "is used for a signed token of an hour, and never sent itself, where it comes as %s",
    async (_form, serviceAccountKeyFile) => {
      let request: Record<string, unknown> = {};
      const files: Record<string, string> = {
        "key.json": JSON.stringify(KEY),
        "/home/u/key.json": JSON.stringify(KEY),
      };
      const world = testWorld({ env: { HOME: "/home/u" }, readFile: async (path) => files[path]! });

      const { result, server } = await call({ serviceAccountKeyFile }, world, {
        "IamTokenService/Create": (received, context, count) => {
          request = received;
          return issue["IamTokenService/Create"]!(received, context, count);
        },
      });

      expect(result).toMatchObject({ id: "f" });
      expect(server.made("IamTokenService/Create")[0]!.metadata.authorization).toBeUndefined();
      expect(server.made("FolderService/Get")[0]!.metadata.authorization).toBe(`Bearer ${TOKEN}`);
      expect(request.yandexPassportOauthToken).toBeUndefined();
      const [header, claims, signature] = String(request.jwt).split(".") as [string, string, string];
      expect(decoded(header)).toEqual({ typ: "JWT", alg: "PS256", kid: "aje0key" });
      const { iat, exp, ...rest } = decoded(claims);
      expect(rest).toEqual({ iss: "aje0account", aud: "https://iam.api.cloud.yandex.net/iam/v1/tokens" });
      expect(Number(exp) - Number(iat)).toBe(3600);
      const key = { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
      expect(verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url"))).toBe(true);
    },
  );

  it("is named by its setting where it cannot be read, without the path, which may be the key itself", async () => {
    const world = testWorld({
      readFile: async () =>
        Promise.reject(Object.assign(new Error("ENOENT: no such file, open 'key.json'"), { code: "ENOENT" })),
    });

    const { result } = await call({ serviceAccountKeyFile: "key.json" }, world);

    expect(result).toMatchObject({
      message:
        "cannot sign in with the key of a service account in yandex:serviceAccountKeyFile: the file that it names cannot be read (ENOENT); give a path to the JSON file that `yc iam key create` wrote, the text of that file, or the text in base64",
    });
  });

  it("is refused where its file holds something else, without a word of it", async () => {
    const world = testWorld({ readFile: async () => `{"private_key": "s3cret"` });

    const { result } = await call({ serviceAccountKeyFile: "key.json" }, world);

    expect((result as Error).message).toMatch(/yandex:serviceAccountKeyFile: it is not valid JSON$/);
    expect((result as Error).message).not.toContain("s3cret");
  });

  it("is never taken for a missing object where the cloud does not know it", async () => {
    const { result } = await call({ serviceAccountKeyFile: JSON.stringify(KEY) }, testWorld(), {
      "IamTokenService/Create": () => {
        throw new ServerError(Status.NOT_FOUND, "Key aje0key not found");
      },
    });

    expect((result as Error).message).toMatch(/^cannot sign in with the key .*: Key aje0key not found \(NOT_FOUND/);
    expect(isNotFound(result)).toBe(false);
  });
});

describe("an OAuth token", () => {
  it("is exchanged for an IAM token", async () => {
    let request: Record<string, unknown> = {};

    const { result, server } = await call({ token: OAUTH }, testWorld(), {
      "IamTokenService/Create": (received) => ((request = received), { iamToken: TOKEN, expiresAt: undefined }),
    });

    expect(result).toMatchObject({ id: "f" });
    expect(request).toMatchObject({ yandexPassportOauthToken: OAUTH });
    expect(server.made("FolderService/Get")[0]!.metadata.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it("is named as refused, unlike a newer kind, and is not shown", async () => {
    const { result } = await call({ token: OAUTH }, testWorld(), {
      "IamTokenService/Create": ({ yandexPassportOauthToken }) => {
        throw new ServerError(Status.UNAUTHENTICATED, `OAuth token ${String(yandexPassportOauthToken)} is invalid`);
      },
    });

    expect((result as Error).message).toMatch(
      /^cannot sign in with the OAuth token in yandex:token: OAuth token \[OAuth token\] is invalid .*; Yandex ID gives out no OAuth tokens for this any more/,
    );
  });
});

describe("a workload identity", () => {
  const account = { workloadIdentityServiceAccountId: "aje0account" };

  it("exchanges the job's token, which it reads each time", async () => {
    const tokens = ["first", "second"];
    const forms: URLSearchParams[] = [];
    await using federation = await startHttp(async (request, response) => {
      forms.push(new URLSearchParams(await bodyOf(request)));
      response.end(JSON.stringify({ access_token: TOKEN, token_type: "Bearer", expires_in: 600 }));
    });
    let now = 0;
    const world = testWorld({ fetch, now: () => now, readFile: async () => `${tokens[forms.length]}\n` });
    await using server = await startSmallCloud(folder);
    const config = { ...account, workloadIdentityTokenFile: "jwt", workloadIdentityEndpoint: federation.url };
    using cloud = connect(settingsFor(server.address, { token: undefined, ...config }), world);

    await cloud.resourceManager.folders.get({ folderId: "f" });
    await cloud.resourceManager.folders.get({ folderId: "f" });
    now = 500_000;
    await cloud.resourceManager.folders.get({ folderId: "f" });

    expect(forms.map((form) => form.get("subject_token"))).toEqual(["first", "second"]);
    expect(Object.fromEntries(forms[0]!)).toEqual({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: "aje0account",
      subject_token: "first",
      subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
    });
    expect(server.made("FolderService/Get")[2]!.metadata.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it("says by whom and why it is refused, and what to check", async () => {
    await using federation = await startHttp((_request, response) => {
      response.statusCode = 400;
      response.end(JSON.stringify({ error: "invalid_grant", error_description: "no such credential" }));
    });
    const config = { ...account, workloadIdentityToken: "s3cret-jwt", workloadIdentityEndpoint: federation.url };

    const { result } = await call(config, testWorld({ fetch }));

    expect((result as Error).message).toBe(
      `cannot sign in with the workload identity in yandex:workloadIdentityToken: ${federation.url} gave no IAM token for service account aje0account (HTTP 400, invalid_grant: no such credential); check that the account has a federated credential for the subject of the job's token`,
    );
  });

  it("is tried again where the endpoint has a bad moment", async () => {
    let requests = 0;
    await using federation = await startHttp((_request, response) => {
      response.statusCode = ++requests < 3 ? 503 : 200;
      response.end(JSON.stringify({ access_token: TOKEN, expires_in: 600 }));
    });
    const config = { ...account, workloadIdentityToken: "jwt", workloadIdentityEndpoint: federation.url };

    const { result } = await call(config, testWorld({ fetch }));

    expect(result).toMatchObject({ id: "f" });
    expect(requests).toBe(3);
  });

  it("says so where the endpoint cannot be reached", async () => {
    const config = { ...account, workloadIdentityToken: "jwt", workloadIdentityEndpoint: "http://127.0.0.1:9/token" };

    const { result } = await call(config, testWorld({ fetch }));

    expect((result as Error).message).toMatch(/http:\/\/127\.0\.0\.1:9\/token cannot be reached \(.+\)$/);
  });
});

it("says that a token is not known yet in the call that would need it", async () => {
  const { result, server } = await call({ token: Symbol("unknown") });

  expect((result as Error).message).toBe("cannot sign in with yandex:token: it is not known before the update has run");
  expect(server.made("FolderService/Get")).toHaveLength(0);
});

describe("instance metadata", () => {
  const settingsAt = (endpoint: string, address: string) =>
    readProviderSettings({ endpoint, plaintext: true }, { YC_METADATA_ADDR: address }).settings;

  async function callFrom(metadata: (request: IncomingMessage, response: ServerResponse) => void) {
    await using machine = await startHttp(metadata);
    await using server = await startSmallCloud(folder);
    using cloud = connect(settingsAt(server.address, new URL(machine.url).host), testWorld({ fetch }));
    const result = await cloud.resourceManager.folders.get({ folderId: "f" }).catch((error: Error) => error);
    return { result, server };
  }

  it("gives the token of the machine's own service account", async () => {
    const asked: unknown[] = [];
    const { result, server } = await callFrom(({ url, headers }, response) => {
      asked.push([url, headers["metadata-flavor"]]);
      response.end(JSON.stringify({ access_token: TOKEN, expires_in: 3600, token_type: "Bearer" }));
    });

    expect(result).toMatchObject({ id: "f" });
    expect(asked).toEqual([["/computeMetadata/v1/instance/service-accounts/default/token", "Google"]]);
    expect(server.made("FolderService/Get")[0]!.metadata.authorization).toBe(`Bearer ${TOKEN}`);
  });

  it("says that the machine has no service account", async () => {
    const { result } = await callFrom((_request, response) => {
      response.statusCode = 404;
      response.end();
    });

    expect((result as Error).message).toMatch(
      /no credential is given .*, and this virtual machine has no service account/,
    );
  });

  it("says how it is broken", async () => {
    const { result } = await callFrom((_request, response) => {
      response.statusCode = 500;
      response.end("oops");
    });

    expect((result as Error).message).toMatch(/gave no token \(HTTP 500\)$/);
  });

  it("leads to the settings that are missing where it is not there", async () => {
    await using server = await startSmallCloud(folder);
    using cloud = connect(settingsAt(server.address, "127.0.0.1:9"), testWorld({ fetch }));

    const error = await cloud.resourceManager.folders.get({ folderId: "f" }).catch((thrown: Error) => thrown);

    expect((error as Error).message).toBe(
      "cannot sign in with the instance metadata: no credential is given (the settings token, serviceAccountKeyFile and workloadIdentityToken and the variables YC_TOKEN, YC_IAM_TOKEN and YC_SERVICE_ACCOUNT_KEY_FILE are empty), and this machine has no instance metadata at 127.0.0.1:9",
    );
  });
});

const decoded = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

async function startHttp(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = await listen(createServer((request, response) => void answer(request, response)));
  return { ...server, url: `${server.url}/oauth/token` };
}
