import { grant, groupTable } from "../calls/access";
import { type FederationRecord, openFederations } from "../tokens/federation";
import { issueToken } from "../calls/identity";
import type { ApiKeyRecord, AuthorizedKeyRecord } from "../store/records";
import { hashed, masked, newApiKeySecret, newOauthToken } from "../store/hashes";
import type { State } from "../store/state";
import { linkedAccount } from "../tokens/endpoints";

/** What is there before anybody calls: one cloud, one folder, one person who may do everything in the cloud. */
export interface Seeded {
  organizationId: string;
  cloudId: string;
  folderId: string;
  /** The deployer, a userAccount with `admin` on the cloud. */
  deployerId: string;
}

/** Ways to put things there without a call, for tests and demonstrations: nothing is checked, nothing is recorded. */
export interface Seeds {
  addCloud(name?: string): string;
  /** A folder of the seeded cloud, or of another. */
  addFolder(options?: { name?: string; cloudId?: string }): string;
  /** A person; holds no role until granted one. */
  addUser(options?: { name?: string }): string;
  /** A group of people and accounts: who is in it holds the roles that are granted to it. */
  addGroup(members: string[]): string;
  addAccount(options: {
    name: string;
    folderId?: string;
    roles?: string[];
    labels?: Record<string, string>;
    description?: string;
  }): string;
  /** A foreign grant, of any subject. */
  addGrant(grant: { resourceId?: string; roleId: string; subject: { id: string; type: string } }): void;
  addApiKey(
    accountId: string,
    options?: Partial<Pick<ApiKeyRecord, "scopes" | "description" | "expiresAt">>,
  ): { id: string; secret: string };
  addAuthorizedKey(accountId: string, publicKey: string): string;
  /**
   * Trusts an issuer of OIDC tokens: those with this subject may act as the account. `jwks` are the issuer's public keys.
   * An issuer has one federation, so once more adds a subject to it.
   */
  addFederation(options: {
    issuer: string;
    audiences?: string[];
    jwks: FederationRecord["jwks"];
    accountId: string;
    subject: string;
  }): string;
  /** Links an account to "this machine": the metadata service then gives its tokens. */
  linkAccount(accountId: string): void;
  /** A new OAuth token of a person, for the one call that takes it. It exists only if it is asked for. */
  addOauthToken(userId: string): string;
  /** A new IAM token of a person or account. Default life 12 h. */
  addToken(subjectId: string, options?: { lifeMs?: number }): string;
}

export function seedFirst(state: State): Seeded {
  const kept = state.tables.table<Seeded>("seeded").get("first");
  if (kept) return kept;
  const now = state.clock.now();
  const seeded = {
    organizationId: state.newId("bpf"),
    cloudId: state.newId("b1gc"),
    folderId: state.newId("b1gf"),
    deployerId: state.newId("ajeu"),
  };
  const { organizationId, cloudId } = seeded;
  state.clouds.put(cloudId, {
    id: cloudId,
    name: "local",
    description: "",
    organizationId,
    labels: {},
    createdAt: now,
  });
  state.folders.put(seeded.folderId, {
    id: seeded.folderId,
    cloudId,
    name: "default",
    description: "",
    labels: {},
    createdAt: now,
  });
  state.users.put(seeded.deployerId, { id: seeded.deployerId, name: "deployer" });
  grant(state, cloudId, "admin", { id: seeded.deployerId, type: "userAccount" });
  state.tables.table<Seeded>("seeded").put("first", seeded);
  state.tables.commit();
  return seeded;
}

export function openSeeds(state: State, seeded: Seeded): Seeds {
  const committed = <T>(value: T): T => {
    state.tables.commit();
    return value;
  };
  return {
    addCloud(name = `cloud-${state.clouds.size + 1}`) {
      const id = state.newId("b1gc");
      const { organizationId } = seeded;
      state.clouds.put(id, { id, name, description: "", organizationId, labels: {}, createdAt: state.clock.now() });
      grant(state, id, "admin", { id: seeded.deployerId, type: "userAccount" });
      return committed(id);
    },
    addFolder({ name = `folder-${state.folders.size + 1}`, cloudId = seeded.cloudId } = {}) {
      const id = state.newId("b1gf");
      state.folders.put(id, { id, cloudId, name, description: "", labels: {}, createdAt: state.clock.now() });
      return committed(id);
    },
    addUser({ name = "somebody" } = {}) {
      const id = state.newId("ajeu");
      state.users.put(id, { id, name });
      return committed(id);
    },
    addGroup(members) {
      const id = state.newId("ajeg");
      groupTable(state).put(id, { id, members });
      return committed(id);
    },
    addAccount({ name, folderId = seeded.folderId, roles = [], labels = {}, description = "" }) {
      const id = state.newId("ajes");
      state.accounts.put(id, { id, folderId, name, description, labels, createdAt: state.clock.now() });
      for (const roleId of roles) grant(state, folderId, roleId, { id, type: "serviceAccount" });
      return committed(id);
    },
    addGrant({ resourceId = seeded.folderId, roleId, subject }) {
      grant(state, resourceId, roleId, subject);
      state.tables.commit();
    },
    addApiKey(serviceAccountId, { scopes = ["yc.ai.foundationModels.execute"], description = "", expiresAt } = {}) {
      const secret = newApiKeySecret();
      const id = state.newId("ajek");
      const hashes = { secretHash: hashed(secret), maskedSecret: masked(secret) };
      state.apiKeys.put(id, {
        id,
        serviceAccountId,
        scopes,
        description,
        expiresAt,
        createdAt: state.clock.now(),
        ...hashes,
      });
      return committed({ id, secret });
    },
    addAuthorizedKey(accountId, publicKey) {
      const key: AuthorizedKeyRecord = {
        id: state.newId("ajea"),
        accountId,
        description: "",
        keyAlgorithm: 1,
        publicKey,
        createdAt: state.clock.now(),
      };
      state.authorizedKeys.put(key.id, key);
      return committed(key.id);
    },
    addFederation({ issuer, audiences = [], jwks, accountId, subject }) {
      const { federations, credentials } = openFederations(state);
      const id = [...federations.values()].find((known) => known.issuer === issuer)?.id ?? state.newId("ajef");
      federations.put(id, { id, issuer, audiences, jwks });
      const credential = { id: state.newId("ajec"), federationId: id, accountId, externalSubjectId: subject };
      credentials.put(credential.id, credential);
      return committed(id);
    },
    linkAccount(accountId) {
      linkedAccount(state).put("machine", { accountId });
      state.tables.commit();
    },
    addOauthToken(userId) {
      const token = newOauthToken();
      state.oauthTokens.put(hashed(token), { userId });
      return committed(token);
    },
    addToken: (subjectId, { lifeMs } = {}) => committed(issueToken(state, subjectId, lifeMs).token),
  };
}
