import { type IamTokenServiceServer, IamTokenServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/iam_token_service";
import { accountResource } from "../calls/access";
import { issueToken } from "../calls/identity";
import { verifyJwt } from "../tokens/jwt";
import { hashed } from "../store/hashes";
import { service } from "../calls/service";
import type { State } from "../store/state";
import { refuse } from "../status";
import { id, required } from "../calls/validation";

/**
 * yandex.cloud.iam.v1.IamTokenService. Only seeds make OAuth tokens, so that the form can be tried; the cloud takes no new
 * ones since June 2026.
 */
export function iamTokens(state: State) {
  const answer = (subjectId: string) => {
    const { token, expiresAt } = issueToken(state, subjectId);
    return { iamToken: token, expiresAt: new Date(expiresAt) };
  };

  return service<IamTokenServiceServer>(
    IamTokenServiceService,
    {
      create({ jwt, yandexPassportOauthToken }) {
        if ((jwt ?? "") === "" ? (yandexPassportOauthToken ?? "") === "" : (yandexPassportOauthToken ?? "") !== "") {
          refuse(
            "INVALID_ARGUMENT",
            "Request validation error: Exactly one of 'yandexPassportOauthToken' and 'jwt' should be specified.",
          );
        }
        if (jwt) return answer(verifyJwt(state, jwt));
        const known = state.oauthTokens.get(hashed(yandexPassportOauthToken ?? ""));
        return known ? answer(known.userId) : refuse("UNAUTHENTICATED", "OAuth token is invalid or expired");
      },

      createForServiceAccount(request, call) {
        id("serviceAccountId", request.serviceAccountId);
        const account = state.requireAccount(request.serviceAccountId);
        call.access.require(call.caller.id, "impersonate", accountResource(account));
        return answer(account.id);
      },

      revoke(request, call) {
        required("iamToken", request.iamToken);
        const found = state.tokens.get(hashed(request.iamToken));
        if (!found) return refuse("UNAUTHENTICATED", "The token is invalid");
        if (found.subjectId !== call.caller.id)
          refuse("PERMISSION_DENIED", "A token can only be revoked by its subject");
        state.tokens.remove(found.hash);
        return { subjectId: found.subjectId };
      },
    },
    ["create"],
  );
}
