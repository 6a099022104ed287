/** A token by which calls are signed in. Times are milliseconds since 1970. */
export interface IamToken {
  value: string;
  /** Absent where it is not known: then the token is used until it is refused. */
  expiresAt?: number;
}

export interface Tokens {
  /** The token to use now. */
  get(): Promise<string>;
  /** The cloud has refused this token. True if there can be another one. */
  refused(token: string): boolean;
}

/** A token is renewed this long before its end, or for the last quarter of a short life. */
const MARGIN_MS = 15 * 60 * 1000;
const MARGIN_SHARE = 0.25;

/**
 * Keeps one token for all calls: gets it when it is first needed, again in good time before it expires, and again when
 * it was refused. However many ask at once, there is one request.
 */
export function keepToken(obtain: () => Promise<IamToken>, now: () => number): Tokens {
  let kept: (IamToken & { renewAt: number }) | undefined;
  let underWay: Promise<string> | undefined;

  async function renew(): Promise<string> {
    const asked = now();
    try {
      const token = await obtain();
      kept = { ...token, renewAt: renewAt(asked, token.expiresAt) };
    } catch (error) {
      // As long as the old token lives, a failure to renew it does no harm yet.
      if (!kept?.expiresAt || kept.expiresAt <= now()) throw error;
    }
    return kept.value;
  }

  return {
    async get() {
      if (kept && now() < kept.renewAt) return kept.value;
      underWay ??= renew().finally(() => (underWay = undefined));
      return underWay;
    },
    refused(token) {
      // Another call may have got a new one since.
      if (kept?.value === token) kept = undefined;
      return true;
    },
  };
}

export function renewAt(asked: number, expiresAt: number | undefined): number {
  if (expiresAt === undefined) return Infinity;
  return expiresAt - Math.min(MARGIN_MS, (expiresAt - asked) * MARGIN_SHARE);
}

/** A token that cannot be had again. */
export const onlyToken = (value: string): Tokens => ({ get: async () => value, refused: () => false });
