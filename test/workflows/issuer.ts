import { generateKeyPairSync, sign } from "node:crypto";

/** Who proves the identity of jobs, and for whom. */
interface Prover {
  issuer: string;
  audience: string;
}

export const GITHUB: Prover = {
  issuer: "https://token.actions.githubusercontent.com",
  audience: "https://github.com/shop",
};

export const GITLAB: Prover = { issuer: "https://gitlab.com", audience: "https://gitlab.com/shop/access" };

/**
 * How GitHub calls a job of an environment. The IDs of owner and repository are in it where the repository was made, renamed
 * or moved since 15 July 2026, or its owner chose so: github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-
 * actions-oidc-tokens, whose note of 10 June 2026 has `@` where the first text had `-`.
 */
export const githubSubject = (environment: string, repository = "shop@1234567/access@7654321"): string =>
  `repo:${repository}:environment:${environment}`;

/** What GitLab knows of a job; docs.gitlab.com, "OpenID Connect (OIDC) Authentication Using ID Tokens". */
export interface GitlabClaims {
  ref: string;
  ref_protected: "true" | "false";
  /** Only of a job with an environment. */
  deployment_tier?: string;
}

/**
 * Components that GitLab takes in `ci_id_token_sub_claim_components`: three in its source of 2025
 * (app/models/project_ci_cd_setting.rb), seven as recorded on 2026-09-02. `environment` is not among them.
 */
const ALLOWED = ["project_path", "ref_type", "ref"];
const ALLOWED_SINCE_2026 = [...ALLOWED, "project_id", "ref_protected", "environment_protected", "deployment_tier"];

/** How GitLab calls a job, by the components that the project has set. */
export function gitlabSubject(
  claims: GitlabClaims,
  components = ["project_path", "ref_protected", "deployment_tier"],
  allowed = ALLOWED_SINCE_2026,
): string {
  if (components[0] !== "project_path") throw new Error("project_path must be the first element of the sub claim");
  const known: Record<string, string | undefined> = { project_path: "shop/access", ref_type: "branch", ...claims };
  return components
    .map((name) => {
      if (!allowed.includes(name)) throw new Error(`${name} is not an allowed sub claim component`);
      return `${name}:${known[name] ?? ""}`;
    })
    .join(":");
}

/** The subject of a project that has set nothing, on any instance. */
export const gitlabDefaultSubject = (claims: GitlabClaims): string =>
  gitlabSubject(claims, ["project_path", "ref_type", "ref"], ALLOWED);

/** Signs ID tokens of jobs, and says what is to be trusted of them. */
export function openIssuer({ issuer, audience }: Prover, clock: () => number) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    trust: {
      issuer,
      audiences: [audience],
      jwks: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256" }],
    },
    prove(subject: string, aud: string) {
      const claims = { iss: issuer, sub: subject, aud, exp: clock() / 1000 + 300 };
      const signed = `${part({ alg: "RS256", kid: "1" })}.${part(claims)}`;
      return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
    },
  };
}
