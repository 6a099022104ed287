/**
 * signIn/: how the deployer gets an IAM token: a token as it is, the key of a service account, workload identity, or the
 * metadata of a virtual machine. It may import settings, properties and world.ts; it makes no call to a service itself.
 * Start with the function below that turns a choice into `Tokens`; signIn/tokens.ts keeps a token until it expires.
 */
import { reasonOf } from "./world";
import type { World } from "./world";
import type { SignIn } from "./settings/choice";
import { askMetadata } from "./signIn/metadata";
import { parseServiceAccountKey } from "./settings/serviceAccountKey";
import { signJwt } from "./signIn/jwt";
import { keepToken, onlyToken } from "./signIn/tokens";
import type { IamToken, Tokens } from "./signIn/tokens";
import { exchangeWorkloadIdentity } from "./signIn/workloadIdentity";

/** What the API gives an IAM token for. */
export type TokenRequest = { jwt: string } | { yandexPassportOauthToken: string };

/** Asks the API for an IAM token; the only call that needs none. */
export type CreateIamToken = (request: TokenRequest) => Promise<IamToken>;

export interface Credentials extends Tokens {
  /** The sentence for a token that the cloud refuses although it is the best there is. */
  explainRefusal(words: string): string;
}

/**
 * The deployer could not sign in. Deliberately without the refusal behind it: that the account or key of the deployer
 * is not found says nothing of the thing that was to be looked at.
 */
export class SignInFailed extends Error {
  override readonly name = "SignInFailed";
}

/** The deployer as the settings describe it. Makes no call before the first token is needed. */
export function signInAs(signIn: SignIn, createIamToken: CreateIamToken, world: World): Credentials {
  if (signIn.kind === "iamToken") {
    return {
      ...onlyToken(signIn.token),
      explainRefusal: (words) =>
        `the IAM token in ${signIn.source} has expired or is not valid (the cloud says: ${words}); get a new one with \`yc iam create-token\`, put it there and run again, which goes on from here`,
    };
  }
  const tokens = keepToken(async () => {
    try {
      return await obtain(signIn, createIamToken, world);
    } catch (error) {
      throw new SignInFailed(`cannot sign in with ${nameOf(signIn)}: ${(error as Error).message}${adviceOn(signIn)}`);
    }
  }, world.now);
  return {
    ...tokens,
    explainRefusal: (words) => `the cloud refuses the IAM token that it gave for ${nameOf(signIn)} (it says: ${words})`,
  };
}

type Renewable = Exclude<SignIn, { kind: "iamToken" }>;

async function obtain(signIn: Renewable, createIamToken: CreateIamToken, world: World): Promise<IamToken> {
  switch (signIn.kind) {
    case "oauthToken":
      return createIamToken({ yandexPassportOauthToken: signIn.token });
    case "serviceAccountKey": {
      const parsed = parseServiceAccountKey(await readKey(signIn.key, world));
      if ("problem" in parsed) throw new Error(`it ${parsed.problem}`);
      return createIamToken({ jwt: signJwt(parsed.key, world.now()) });
    }
    case "workloadIdentity":
      return exchangeWorkloadIdentity(signIn, world);
    case "metadata":
      return askMetadata(signIn.address, world);
    case "none":
      throw new Error(`it ${signIn.reason}`);
  }
}

/**
 * The text of the key of a service account.
 *
 * @throws Error that does not quote the path: a setting for a path may hold the secret itself
 */
export async function readKey(key: { text: string } | { file: string }, { readFile, env }: World): Promise<string> {
  if ("text" in key) return key.text;
  const home = env.HOME ?? env.USERPROFILE;
  const { file } = key;
  return readFile(home && /^~[/\\]/.test(file) ? home + file.slice(1) : file).catch((error: unknown) => {
    throw new Error(`the file that it names cannot be read (${reasonOf(error)}); give ${KEY_FORMS}`);
  });
}

const KEY_FORMS =
  "a path to the JSON file that `yc iam key create` wrote, the text of that file, or the text in base64";

const NAMES: Record<SignIn["kind"], string> = {
  iamToken: "the IAM token in",
  oauthToken: "the OAuth token in",
  serviceAccountKey: "the key of a service account in",
  workloadIdentity: "the workload identity in",
  metadata: "the",
  none: "",
};

const nameOf = ({ kind, source }: SignIn): string => `${NAMES[kind]} ${source}`.trim();

const adviceOn = ({ kind }: SignIn): string =>
  kind === "oauthToken"
    ? "; Yandex ID gives out no OAuth tokens for this any more, so use an IAM token (`yc iam create-token`) or the key of a service account"
    : "";
