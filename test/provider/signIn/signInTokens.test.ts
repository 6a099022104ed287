import { ServerError, Status } from "nice-grpc";
import { connect } from "../../../provider/cloud";
import { isNotFound } from "../../../provider/cloud/errors";
import { keepToken, renewAt } from "../../../provider/signIn/tokens";
import { startSmallCloud, settingsFor, testWorld, TOKEN } from "../../support/smallCloud";
import type { Handler } from "../../support/smallCloud";
import { fc } from "../../support/properties";

const key = { serviceAccountId: "aje00000000000000001" };
const refuse =
  (code: Status, details: string): Handler =>
  () => {
    throw new ServerError(code, details);
  };
const folders = (cloud: ReturnType<typeof connect>) => cloud.resourceManager.folders.get({ folderId: "f" });

// Case 43: a token that has died since it was stored, or in the middle of a run.
describe("a token that the cloud refuses", () => {
  it("is named with what to do, if it was given as it is", async () => {
    await using server = await startSmallCloud({
      "FolderService/Get": refuse(Status.UNAUTHENTICATED, "The token is invalid"),
    });
    using cloud = connect(settingsFor(server.address), testWorld());

    const error = await folders(cloud).catch((thrown: unknown) => thrown);

    expect((error as Error).message).toMatch(
      "the IAM token in yandex:token has expired or is not valid (the cloud says: The token is invalid); get a new one with `yc iam create-token`",
    );
    expect(server.made("FolderService/Get")).toHaveLength(1);
    expect(isNotFound(error)).toBe(false);
  });

  it("is renewed once for all calls under way, and each is made again, a key's creation too", async () => {
    const tokenOf = (count: number) => `t1.${count}.${"s".repeat(86)}`;
    const accept: Handler = (_request, { metadata }) => {
      if (metadata.get("authorization") === `Bearer ${tokenOf(1)}`)
        throw new ServerError(Status.UNAUTHENTICATED, "old");
      return { apiKey: undefined, secret: "made" };
    };
    await using server = await startSmallCloud({
      "IamTokenService/Create": (_request, _context, count) => ({ iamToken: tokenOf(count), expiresAt: undefined }),
      "ApiKeyService/Create": accept,
    });
    using cloud = connect(settingsFor(server.address, { token: `y0_${"o".repeat(40)}` }), testWorld());

    const made = await Promise.all(Array.from({ length: 10 }, () => cloud.iam.apiKeys.create(key)));

    expect(made.every(({ secret }) => secret === "made")).toBe(true);
    expect(server.made("IamTokenService/Create")).toHaveLength(2);
    expect(server.made("ApiKeyService/Create")).toHaveLength(20);
  });

  it("is not renewed for ever", async () => {
    await using server = await startSmallCloud({
      "IamTokenService/Create": () => ({ iamToken: TOKEN, expiresAt: undefined }),
      "FolderService/Get": refuse(Status.UNAUTHENTICATED, "The token is invalid"),
    });
    using cloud = connect(settingsFor(server.address, { token: `y0_${"o".repeat(40)}` }), testWorld());

    await expect(folders(cloud)).rejects.toThrow(
      "the cloud refuses the IAM token that it gave for the OAuth token in yandex:token (it says: The token is invalid)",
    );

    expect(server.made("FolderService/Get")).toHaveLength(2);
  });
});

describe("an interrupt", () => {
  it("ends the wait for a token, and nothing is sent", async () => {
    const controller = new AbortController();
    await using server = await startSmallCloud({
      "IamTokenService/Create": () => (controller.abort(new Error("interrupted")), new Promise(() => {})),
    });
    using cloud = connect(settingsFor(server.address, { token: `y0_${"o".repeat(40)}` }), testWorld());

    const error = await cloud.iam.apiKeys.create(key, { signal: controller.signal }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: "CANCELLED", sent: false, method: "ApiKeyService/Create" });
    expect(server.made("ApiKeyService/Create")).toHaveLength(0);
  });
});

const HOUR_MS = 3_600_000;

describe("a token that can be had again", () => {
  it("is asked for once, however many need it", async () => {
    let asked = 0;
    const tokens = keepToken(
      async () => ({ value: `token ${++asked}`, expiresAt: HOUR_MS }),
      () => 0,
    );

    const got = await Promise.all([tokens.get(), tokens.get(), tokens.get()]);

    expect(got).toEqual(["token 1", "token 1", "token 1"]);
  });

  it("is renewed a quarter of an hour before its end", async () => {
    let now = 0;
    let asked = 0;
    const tokens = keepToken(
      async () => ({ value: `token ${++asked}`, expiresAt: now + HOUR_MS }),
      () => now,
    );

    const got = [await tokens.get()];
    for (now of [44 * 60_000, 45 * 60_000, 46 * 60_000]) got.push(await tokens.get());

    expect(got).toEqual(["token 1", "token 1", "token 2", "token 2"]);
  });

  it("is used to its end where it cannot be renewed, and no longer", async () => {
    let now = 0;
    let broken = false;
    const tokens = keepToken(
      async () => {
        if (broken) throw new Error("out of reach");
        return { value: "token", expiresAt: HOUR_MS };
      },
      () => now,
    );
    await tokens.get();
    broken = true;

    now = HOUR_MS - 1000;
    await expect(tokens.get()).resolves.toBe("token");
    now = HOUR_MS;
    await expect(tokens.get()).rejects.toThrow("out of reach");
    broken = false;
    await expect(tokens.get()).resolves.toBe("token");
  });

  it("is not thrown away for the refusal of the one before it", async () => {
    let asked = 0;
    const tokens = keepToken(
      async () => ({ value: `token ${++asked}` }),
      () => 0,
    );
    await tokens.get();

    tokens.refused("token 1");
    await tokens.get();
    tokens.refused("token 1");

    await expect(tokens.get()).resolves.toBe("token 2");
  });

  it("is always renewed within its life, and never at once", () => {
    fc.assert(
      fc.property(fc.nat(1e12), fc.integer({ min: 1, max: 12 * HOUR_MS }), (asked, life) => {
        const at = renewAt(asked, asked + life);
        expect(at).toBeLessThan(asked + life);
        expect(at).toBeGreaterThanOrEqual(asked + life / 2);
      }),
    );
    expect(renewAt(0, undefined)).toBe(Infinity);
  });
});
