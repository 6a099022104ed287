/**
 * tokens: the ways to an IAM token: signed JWTs, workload identity, the metadata service of a machine.
 * It may import transport, calls, catalogue and store. Start here for what is plain HTTP; jwt.ts and federation.ts check
 * signatures, services/iamTokens.ts is the API's own call.
 */
import type { CallSite } from "../calls/calls";
import type { HttpAnswer, HttpCall, HttpPart, HttpRoute } from "../transport/httpCall";
import { ExchangeError, type Federations, verifyFederatedToken } from "./federation";
import { issueToken } from "../calls/identity";
import type { State } from "../store/state";

/** Ways to an IAM token that are plain HTTP in the cloud, on hosts of their own: workload identity and the metadata of a machine. */
export function openTokenPages(state: State, calls: CallSite, federations: Federations): HttpPart {
  return (http) => {
    if (http.method === "POST" && http.path === "/oauth/token")
      return recorded(http, () => exchange(state, federations, http));
    if (http.method === "GET" && http.path === metadataPath) return recorded(http, () => metadataToken(state, http));
    return undefined;
  };

  function recorded(http: HttpCall, act: () => HttpAnswer): HttpRoute {
    const { addresses, requestId, signal } = http;
    const answer = () =>
      calls.run({ method: `${http.method} ${http.path}`, addresses, requestId, signal, request: {} }, act);
    return { errors: "plain", answer };
  }
}

const grantType = "urn:ietf:params:oauth:grant-type:token-exchange";

/** auth.yandex.cloud/oauth/token: a token of a trusted issuer for an IAM token of the account named as audience. */
function exchange(state: State, federations: Federations, http: HttpCall): HttpAnswer {
  const form = new URLSearchParams(http.bytes.toString());
  try {
    if (form.get("grant_type") !== grantType)
      throw new ExchangeError("unsupported_grant_type", `grant_type must be ${grantType}`);
    const accountId = form.get("audience") ?? "";
    const subjectToken = form.get("subject_token") ?? "";
    if (accountId === "" || subjectToken === "")
      throw new ExchangeError("invalid_request", "audience and subject_token must be given");
    if (!state.accounts.get(accountId))
      throw new ExchangeError("invalid_grant", `Service account ${accountId} not found`);
    verifyFederatedToken(state, federations, subjectToken, accountId);
    return { status: 200, json: tokenAnswer(state, accountId) };
  } catch (thrown) {
    if (!(thrown instanceof ExchangeError)) throw thrown;
    return { status: 400, json: { error: thrown.code, error_description: thrown.message } };
  }
}

const metadataPath = "/computeMetadata/v1/instance/service-accounts/default/token";

/** What a virtual machine hears from 169.254.169.254. The account linked to "this machine" is set by the control surface. */
function metadataToken(state: State, http: HttpCall): HttpAnswer {
  if (http.headers["metadata-flavor"] !== "Google") {
    return { status: 403, bytes: Buffer.from("Missing Metadata-Flavor:Google header.\n"), type: "text/plain" };
  }
  const accountId = linkedAccount(state).get("machine")?.accountId;
  if (accountId === undefined || !state.accounts.get(accountId)) {
    return { status: 404, bytes: Buffer.from("Not found\n"), type: "text/plain" };
  }
  return { status: 200, json: tokenAnswer(state, accountId) };
}

export const linkedAccount = (state: State) => state.tables.table<{ accountId: string }>("linkedAccounts");

function tokenAnswer(state: State, accountId: string) {
  const { token, expiresAt } = issueToken(state, accountId);
  return { access_token: token, token_type: "Bearer", expires_in: Math.floor((expiresAt - state.clock.now()) / 1000) };
}
