import { generateKeyPairSync, sign } from "node:crypto";

/** Who proves the identity of jobs, for whom, and how it calls a job of an environment. */
interface Prover {
  issuer: string;
  audience: string;
  subject(environment: string): string;
}

/**
 * The subject has the IDs of owner and repository where the repository was made, renamed or moved since 15 July 2026, or
 * its owner chose so: github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens, whose note
 * of 10 June 2026 has `@` where the first text had `-`.
 */
const githubWith = (repository: string): Prover => ({
  issuer: "https://token.actions.githubusercontent.com",
  audience: "https://github.com/shop",
  subject: (environment) => `repo:${repository}:environment:${environment}`,
});
export const GITHUB = githubWith("shop@1234567/access@7654321");
export const GITHUB_BEFORE_JULY_2026 = githubWith("shop/access");

export const GITLAB: Prover = {
  issuer: "https://gitlab.com",
  audience: "https://gitlab.com/shop/access",
  subject: (environment) =>
    `project_path:shop/access:environment:${environment}:ref_protected:${!environment.endsWith("-preview")}`,
};

/** Signs ID tokens of jobs, and says what is to be trusted of them. */
export function openIssuer({ issuer, audience, subject }: Prover, clock: () => number) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return {
    trust: {
      issuer,
      audiences: [audience],
      jwks: [{ ...publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256" }],
    },
    prove(environment: string, aud: string) {
      const claims = { iss: issuer, sub: subject(environment), aud, exp: clock() / 1000 + 300 };
      const signed = `${part({ alg: "RS256", kid: "1" })}.${part(claims)}`;
      return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
    },
  };
}
