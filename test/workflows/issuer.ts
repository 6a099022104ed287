import { generateKeyPairSync, sign } from "node:crypto";

/** Who proves the identity of jobs, for whom, and how it calls a job of an environment. */
interface Prover {
  issuer: string;
  audience: string;
  subject(environment: string): string;
}

export const GITHUB: Prover = {
  issuer: "https://token.actions.githubusercontent.com",
  audience: "https://github.com/shop",
  subject: (environment) => `repo:shop/access:environment:${environment}`,
};

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
