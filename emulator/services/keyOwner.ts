import { accountResource } from "../calls/access";
import type { Call } from "../calls/calls";
import type { AccountRecord } from "../store/records";
import type { Right } from "../catalogue/roles";
import type { State } from "../store/state";
import { invalid } from "../calls/validation";

/** Whose keys a call is about: where no account is named, the caller's own. A person is refused with `words`. */
export function keyOwner(state: State, call: Call, accountId: string, words: string): AccountRecord {
  if (accountId !== "") return state.requireAccount(accountId);
  if (call.caller.type === "serviceAccount") return state.requireAccount(call.caller.id);
  return invalid("serviceAccountId", words);
}

/** Everybody may see and manage the keys of the account they are. */
export function requireRightToKeys(call: Call, owner: AccountRecord, right: Right): void {
  if (call.caller.id !== owner.id) call.access.require(call.caller.id, right, accountResource(owner));
}
