import { constants, generateKeyPairSync, sign } from "node:crypto";
import type { Emulator } from "../../../emulator/emulator";
import { openApi, type Json, type Transport } from "../../support/api";
import { startCloud } from "../../support/cloud";

const audience = "https://iam.api.cloud.yandex.net/iam/v1/tokens";

/** Of an account that has made its key elsewhere, and of somebody else. Made once, for it takes a while. */
const [own, foreign] = [newPair(), newPair()];

describe.each<Transport>(["grpc", "rest"])("IAM tokens over %s", (transport) => {
  it("are given for a JWT signed with an authorized key", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const robot = cloud.addAccount({ name: "robot", roles: ["viewer"] });
    const { key, privateKey } = await api.call("KeyService/Create", { serviceAccountId: robot });

    const { iamToken, expiresAt } = await api.call("IamTokenService/Create", {
      jwt: jwt(cloud, { kid: key.id, iss: robot }, privateKey as string),
    });
    using asRobot = openApi(cloud, transport, iamToken as string);

    expect(iamToken).toMatch(/^t1\.[A-Z0-9a-z_-]+\.[A-Z0-9a-z_-]{86}$/);
    expect(Date.parse(expiresAt as string) - cloud.clock.now()).toBeLessThanOrEqual(12 * 60 * 60 * 1000);
    expect(await asRobot.call("ServiceAccountService/Get", { serviceAccountId: robot })).toMatchObject({
      name: "robot",
      lastAuthenticatedAt: expect.any(String) as string,
    });
    expect(cloud.dump()).not.toContain(iamToken);
    expect(cloud.dump()).not.toContain("PRIVATE KEY");
  });

  it("are given for an audience in a list, as the Go SDK sends it", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { robot, kid } = knownKey(cloud);

    const answer = await api.call("IamTokenService/Create", {
      jwt: jwt(cloud, { kid, iss: robot, aud: [audience] }, own.privateKey),
    });

    expect(answer.iamToken).toMatch(/^t1\./);
  });

  it.each([
    ["of another algorithm", { alg: "RS256" }, "its algorithm must be PS256"],
    ["of an unknown key", { kid: "ajea0000000000000099" }, "its key is not known"],
    ["of another account", { iss: "ajes0000000000000099" }, "its issuer does not own the key"],
    ["for another audience", { aud: "https://example.com" }, `its audience must be ${audience}`],
    ["that lives too long", { life: 3601 }, "it may live for one hour at most"],
    ["that has expired", { life: -10 }, "it has expired"],
  ])("are refused for a JWT %s", async (_, wrong, words) => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { robot, kid } = knownKey(cloud);

    const refusal = await api.refusal("IamTokenService/Create", {
      jwt: jwt(cloud, { kid, iss: robot, ...wrong }, own.privateKey),
    });

    expect(refusal).toBe(`UNAUTHENTICATED JWT is invalid: ${words}`);
  });

  it("are refused for a JWT signed by somebody else, or with a key that was deleted", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport);
    const { robot, kid } = knownKey(cloud);

    expect(
      await api.refusal("IamTokenService/Create", { jwt: jwt(cloud, { kid, iss: robot }, foreign.privateKey) }),
    ).toBe("UNAUTHENTICATED JWT is invalid: its signature is wrong");
    await api.call("KeyService/Delete", { keyId: kid });
    expect(await api.refusal("IamTokenService/Create", { jwt: jwt(cloud, { kid, iss: robot }, own.privateKey) })).toBe(
      "UNAUTHENTICATED JWT is invalid: its key is not known",
    );
  });

  it("want exactly one proof of who asks", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport, "");

    expect(await api.refusal("IamTokenService/Create", {})).toBe(
      "INVALID_ARGUMENT Request validation error: Exactly one of 'yandexPassportOauthToken' and 'jwt' should be specified.",
    );
  });

  it("are given for a person's OAuth token, if one was asked for", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport, "");

    const answer = await api.call("IamTokenService/Create", {
      yandexPassportOauthToken: cloud.addOauthToken(cloud.deployerId),
    });

    expect(cloud.accepts(answer.iamToken as string)).toBe(true);
    // None is known unless asked for: an ID can be guessed.
    for (const yandexPassportOauthToken of ["y0_nobody", `y0_${cloud.deployerId}`])
      expect(await api.refusal("IamTokenService/Create", { yandexPassportOauthToken })).toMatch(/^UNAUTHENTICATED /);
  });

  it("are given for an account one may impersonate", async () => {
    await using cloud = await startCloud();
    const robot = cloud.addAccount({ name: "robot" });
    const app = cloud.addAccount({ name: "app" });
    using asRobot = openApi(cloud, transport, cloud.addToken(robot));

    expect(await asRobot.refusal("IamTokenService/CreateForServiceAccount", { serviceAccountId: app })).toBe(
      `PERMISSION_DENIED Permission denied to iam.serviceAccount ${app}`,
    );
    cloud.addGrant({
      resourceId: app,
      roleId: "iam.serviceAccounts.tokenCreator",
      subject: { id: robot, type: "serviceAccount" },
    });
    const { iamToken } = await asRobot.call("IamTokenService/CreateForServiceAccount", { serviceAccountId: app });
    expect(cloud.accepts(iamToken as string)).toBe(true);
  });

  it("end when they expire or are revoked", async () => {
    await using cloud = await startCloud();
    const token = cloud.addToken(cloud.deployerId);
    using api = openApi(cloud, transport, token);

    expect(await api.call("IamTokenService/Revoke", { iamToken: token })).toEqual({ subjectId: cloud.deployerId });
    expect(await api.refusal("CloudService/List")).toBe("UNAUTHENTICATED The token is invalid");

    using other = openApi(cloud, transport);
    cloud.clock.advance(12 * 60 * 60 * 1000);
    expect(await other.refusal("CloudService/List")).toBe("UNAUTHENTICATED The token is invalid");
  });

  it("are needed: an API key does not open the control plane", async () => {
    await using cloud = await startCloud();
    using api = openApi(cloud, transport, "");
    const { secret } = cloud.addApiKey(cloud.addAccount({ name: "robot", roles: ["admin"] }));

    expect(await api.refusal("CloudService/List")).toBe(
      "UNAUTHENTICATED IAM token or API key has to be passed in request",
    );
    expect(await api.refusal("CloudService/List", {}, { authorization: `Api-Key ${secret}` })).toBe(
      "UNAUTHENTICATED The token is invalid",
    );
  });
});

describe("the token of the deployer", () => {
  it("is valid wherever the clock has been moved, a day or two years ahead", async () => {
    await using cloud = await startCloud();
    const day = 24 * 60 * 60 * 1000;
    for (const ahead of [day / 2, day, 731 * day]) {
      const before = cloud.token;
      cloud.clock.advance(ahead);
      expect([cloud.accepts(before), cloud.accepts(cloud.token)]).toEqual([false, true]);
      expect(cloud.token).toBe(cloud.token);
    }
  });
});

describe("tokens without a call of the API", () => {
  it("are exchanged for a token of a trusted issuer", async () => {
    await using cloud = await startCloud();
    const robot = cloud.addAccount({ name: "robot" });
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: "jwk" }), kid: "one" };
    cloud.addFederation({
      issuer: "https://ci.example",
      audiences: ["cloud"],
      jwks: [jwk],
      accountId: robot,
      subject: "repo:shop",
    });
    const subjectToken = (claims: Json) => {
      const exp = Math.floor(cloud.clock.now() / 1000) + 300;
      const body = `${part({ alg: "RS256", kid: "one" })}.${part({ iss: "https://ci.example", aud: "cloud", sub: "repo:shop", exp, ...claims })}`;
      return `${body}.${sign("sha256", Buffer.from(body), privateKey).toString("base64url")}`;
    };
    const exchange = async (claims: Json) => {
      const form = {
        grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
        requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
        audience: robot,
        subject_token: subjectToken(claims),
        subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
      };
      const answer = await fetch(`${cloud.url}/oauth/token`, { method: "POST", body: new URLSearchParams(form) });
      return { status: answer.status, json: (await answer.json()) as Json };
    };

    const good = await exchange({});
    expect(good).toMatchObject({ status: 200, json: { token_type: "Bearer" } });
    expect(cloud.accepts(good.json.access_token as string)).toBe(true);
    for (const wrong of [{ sub: "repo:other" }, { aud: "other" }, { iss: "https://other.example" }, { exp: 1 }]) {
      expect(await exchange(wrong)).toMatchObject({ status: 400, json: { error: "invalid_grant" } });
    }
  });

  it("are given by the metadata service of a machine that has an account", async () => {
    await using cloud = await startCloud();
    const path = `${cloud.url}/computeMetadata/v1/instance/service-accounts/default/token`;
    const headers = { "Metadata-Flavor": "Google" };

    expect((await fetch(path)).status).toBe(403);
    expect((await fetch(path, { headers })).status).toBe(404);
    cloud.linkAccount(cloud.addAccount({ name: "robot" }));
    const { access_token, expires_in } = (await (await fetch(path, { headers })).json()) as Json;
    expect(cloud.accepts(access_token as string)).toBe(true);
    expect(expires_in).toBeGreaterThan(60);
  });
});

function newPair() {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
}

/** An account with a key of which the cloud has the public half. */
function knownKey(cloud: Pick<Emulator, "addAccount" | "addAuthorizedKey">) {
  const robot = cloud.addAccount({ name: "robot", roles: ["viewer"] });
  return { robot, kid: cloud.addAuthorizedKey(robot, own.publicKey) };
}

interface JwtParts {
  kid: string;
  iss: string;
  alg?: string;
  aud?: string | string[];
  life?: number;
}

function jwt(cloud: { clock: { now(): number } }, parts: JwtParts, privateKey: string): string {
  const { kid, iss, alg = "PS256", aud = audience, life = 3600 } = parts;
  const iat = Math.floor(cloud.clock.now() / 1000);
  const body = `${part({ typ: "JWT", alg, kid })}.${part({ iss, aud, iat, exp: iat + life })}`;
  const key = {
    key: privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  };
  return `${body}.${sign("sha256", Buffer.from(body), key).toString("base64url")}`;
}

const part = (json: object) => Buffer.from(JSON.stringify(json)).toString("base64url");
