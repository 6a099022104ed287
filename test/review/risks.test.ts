import { SENTENCES } from "../../review/risks";
import { APPLICATION, UNKNOWN, type Described } from "./digest";
import {
  folderId,
  otherFolder,
  account,
  stranger,
  scopes,
  soon,
  later,
  show,
  own,
  newAccount,
  grant,
  key,
  oldKey,
  changedKey,
  loose,
  retained,
  at,
  reader,
  secret,
  secretId,
} from "./shop";

/** A key that is delivered elsewhere from now on. */
const moves = (before: object, after: object): Described => ({
  ...changedKey(before, after),
  changed: ["outputToLockbox"],
});

/** Each kind of risk, with the change that shows it. docs/review.md lists the same. */
const risks: [kind: keyof typeof SENTENCES, subject: string, resources: Described[]][] = [
  ["not known yet", "role of grant", [own, grant({ role: UNKNOWN })]],
  ["not known yet", "member of grant", [own, grant({ member: UNKNOWN })]],
  ["not known yet", "place of grant", [own, grant({ folderId: UNKNOWN })]],
  ["not known yet", "scopes of key", [own, key({ scopes: UNKNOWN })]],
  ["not known yet", "scopes of key", [own, key({ scopes: [UNKNOWN, ...scopes] })]],
  ["not known yet", "expiry of key", [own, key({ expiresAt: UNKNOWN })]],
  ["not known yet", "account of key", [own, key({ serviceAccountId: UNKNOWN })]],
  ["hidden", "role of grant", [own, grant({ role: "[secret]" })]],
  ["broad role", "editor", [own, grant({ role: "editor" })]],
  ["broad role", "ai.admin", [own, grant({ role: "ai.admin" })]],
  ["broad role", "iam.serviceAccounts.tokenCreator", [own, grant({ role: "iam.serviceAccounts.tokenCreator" })]],
  ["broad role", "k8s.cluster-api.cluster-admin", [own, grant({ role: "k8s.cluster-api.cluster-admin" })]],
  ["broad role", "lockbox.payloadViewer", [own, grant({ role: "lockbox.payloadViewer" })]],
  [
    "foreign member",
    `ai.translate.user to serviceAccount:${stranger} on folder ${folderId}`,
    [own, grant({ member: `serviceAccount:${stranger}` })],
  ],
  [
    "foreign member",
    `ai.translate.user to serviceAccount:${stranger} on folder ${folderId}`,
    [newAccount, grant({ member: `serviceAccount:${stranger}` })],
  ],
  [
    "foreign member",
    `ai.translate.user to system:allUsers on folder ${folderId}`,
    [grant({ member: "system:allUsers" }, loose)],
  ],
  [
    "foreign member",
    `ai.translate.user to userAccount:ajeu0000000000000077 on folder ${folderId}`,
    [grant({ member: "userAccount:ajeu0000000000000077" }, loose)],
  ],
  [
    "foreign member",
    `ai.translate.user to shop on folder ${folderId}`,
    [own, grant({}, { application: "blog", name: "grant" })],
  ],
  ["other place", `ai.translate.user on folder ${otherFolder}`, [own, grant({ folderId: otherFolder })]],
  [
    "other place",
    `ai.translate.user on cloud ${otherFolder}`,
    [own, grant({ folderId: undefined, cloudId: otherFolder }, { type: "ResourcemanagerCloudIamMember" })],
  ],
  [
    "role moves",
    `ai.translate.user on folder ${otherFolder} (before: folder ${folderId})`,
    [
      grant(
        { folderId: otherFolder, member: `serviceAccount:${stranger}` },
        {
          op: "replace",
          before: { folderId, role: "ai.translate.user", member: `serviceAccount:${stranger}` },
        },
      ),
      key({ serviceAccountId: stranger }, { op: "same", before: { serviceAccountId: stranger, scopes } }),
    ],
  ],
  [
    "whole list",
    "ResourcemanagerFolderIamBinding grant",
    [
      own,
      grant({ member: undefined, members: [`serviceAccount:${account}`] }, { type: "ResourcemanagerFolderIamBinding" }),
    ],
  ],
  ["other account", `key of ${stranger}`, [key({ serviceAccountId: stranger })]],
  ["other account", `key of ${stranger}`, [own, key({ serviceAccountId: stranger })]],
  ["other account", `key of ${stranger}`, [own, key({ serviceAccountId: stranger }, loose)]],
  ["other account", "key of shop", [own, key({}, { application: "blog" })]],
  ["no expiry", "key", [own, key({ expiresAt: undefined })]],
  ["late expiry", "key", [own, key({ expiresAt: "2105-01-01T00:00:00Z" })]],
  ["longer life", "key", [own, changedKey({ expiresAt: soon }, { expiresAt: later })]],
  ["no scopes", "key", [own, key({ scopes: [] })]],
  [
    "unlimited key",
    "IamServiceAccountStaticAccessKey static",
    [own, { ...key({}), type: "IamServiceAccountStaticAccessKey", name: "static" }],
  ],
  [
    "unlimited key",
    "IamServiceAccountKey authorized",
    [own, { ...key({}), type: "IamServiceAccountKey", name: "authorized" }],
  ],
  ["key in use deleted", "key", [own, oldKey({})]],
  ["key replaced", "key", [own, { ...oldKey({}, { op: "replace" }), after: key({}).after }]],
  ["account replaced", "shop", [{ ...own, op: "replace" }]],
  ["account deleted", "shop", [{ ...own, op: "delete", after: undefined }]],
  ["delivery moves", "key", [own, moves(at("api_key"), at("other_key"))]],
  ["delivery moves", "key", [own, moves(at("api_key"), {})]],
  ["not known yet", "delivery of key", [own, key(at("api_key", UNKNOWN))]],
  ["secret replaced", "shop-key", [own, secret("replace", { deletionProtection: true })]],
  ["secret deleted", "shop-key", [own, secret("delete")]],
  ["secret unprotected", "shop-key", [own, secret("create")]],
  ["secret unprotected", "shop-key", [own, secret("replace")]],
  [
    "secret unprotected",
    "shop-key",
    [own, secret("update", { deletionProtection: false }, { before: { folderId, deletionProtection: true } })],
  ],
  ["foreign member", `lockbox.payloadViewer to serviceAccount:${stranger} on secret ${secretId}`, [own, reader({})]],
  ["left in the cloud", "key", [own, oldKey({}, { options: retained })]],
  ["left in the cloud", "key", [own, { ...oldKey({}, { op: "replace", options: retained }), after: key({}).after }]],
  ["stays when removed", "key", [own, key({}, { options: { after: { retainOnDelete: true } } })]],
  ["no longer protected", "shop", [{ ...own, options: { before: { protect: true } } }]],
];

describe("a risk in a review", () => {
  it.each(risks)("is %s: %s", (kind, subject, resources) => {
    const text = show(resources);

    expect(text).toContain(`  look:  ${kind}: ${subject.replace(/[[\]]/g, "")} ${SENTENCES[kind]}\n`);
  });

  it("exists for every kind, and for no other", () => {
    expect([...new Set(risks.map(([kind]) => kind))].sort()).toEqual(Object.keys(SENTENCES).sort());
  });

  it("is not reported where a new application gets narrow roles, scopes and an end", () => {
    const made = { madeFrom: { member: "shop", serviceAccountId: "shop", folderId: "shop" } };
    const resources = [
      { op: "create", type: APPLICATION, name: "shop", after: {} },
      newAccount,
      grant({ member: UNKNOWN }, made),
      key({ serviceAccountId: UNKNOWN }, made),
    ];

    expect(show(resources)).toContain("3 resources in all, nothing unusual.");
  });

  it("is not reported where a value is made from an account that is known already, and yet is not known", () => {
    const text = show([own, grant({ member: UNKNOWN }, { madeFrom: { member: "shop" } })]);

    expect(text).toContain("not known yet: member of grant");
  });

  it("is, for a reader of the secret that has the key, that another account can read it, and no more", () => {
    const reader = grant(
      {
        folderId: undefined,
        secretId: "e6q00000000000000001",
        role: "lockbox.payloadViewer",
        member: `serviceAccount:${stranger}`,
      },
      { type: "LockboxSecretIamMember" },
    );

    const text = show([own, reader]);

    expect(text).toContain(
      `foreign member: lockbox.payloadViewer to serviceAccount:${stranger} on secret e6q00000000000000001 is granted`,
    );
    expect(text).toContain("1 thing to look at");
  });

  it("is not reported where the team trusts a member or an account, or allows a role or a later end", () => {
    const rules = {
      mostDays: 40_000,
      allowedRoles: ["editor"],
      trustedMembers: ["group:g10"],
      trustedAccounts: [stranger],
    };
    const resources = [
      grant({ role: "editor", member: "group:g10" }),
      key({ serviceAccountId: stranger, expiresAt: "2105-01-01T00:00:00Z" }),
    ];

    expect(show(resources, { rules })).toContain("nothing unusual");
    expect(show(resources)).toContain("4 things to look at");
  });

  it("is not reported where a rotation makes the next key of an account that was adopted before", () => {
    const held = { serviceAccountId: stranger };
    const before = oldKey(held, { op: "same", name: "old", after: { ...held, scopes } });

    expect(show([before, key(held)])).toContain("nothing unusual");
  });
});
