import { defaultScopes } from "../../emulator/catalogue/scopes";
import { defaultSwitches, type Switches } from "../../emulator/switches";
import { judge } from "../finding";
import type { Probe } from "../probes";

/** In neither order of the alphabet. */
const GIVEN = ["yc.ai.vision.execute", "yc.ai.languageModels.execute", "yc.ai.translate.execute"];

export const keyScopes: Probe = {
  about: "Creates a key with three scopes and a key without any, and lists the scopes that there are.",
  creates: "1 account, 2 API keys",
  async run(lab) {
    const account = await lab.account("scopes");
    const key = await lab.key(account, { scopes: GIVEN });
    const read = await lab.get({ service: "iam", method: "GET", path: `/iam/v1/apiKeys/${key.id}` });
    const order = orderOf(read.scopes ?? []);
    const without = (await lab.get(lab.keyRequest(account))).apiKey.scopes ?? [];
    const documented = same(without, defaultScopes);
    const listed = await lab.get({ service: "iam", method: "GET", path: "/iam/v1/apiKeyScopes?pageSize=1000" });
    const scopes = ((listed.scopes ?? []) as (string | { id: string })[]).map((scope) =>
      typeof scope === "string" ? scope : scope.id,
    );
    const [added, missing] = [minus(scopes, defaultSwitches.scopes), minus(defaultSwitches.scopes, scopes)];
    return {
      "key-scope-order": judge(
        order === defaultSwitches.scopeOrder,
        order ? `The scopes came back ${order}.` : `The scopes came back as ${(read.scopes ?? []).join(", ")}.`,
        order && { scopeOrder: order },
      ),
      "key-default-scopes": judge(
        documented === (defaultSwitches.defaultScopes === "documented"),
        documented
          ? "The key has the ten default scopes."
          : `The key has the scopes ${without.join(", ") || "(none)"}.`,
        without.length === 0 ? { defaultScopes: "none" } : undefined,
      ),
      "key-scope-list": judge(
        added.length === 0 && missing.length === 0,
        `The cloud has ${scopes.length} scopes; new: ${added.join(", ") || "none"}; missing: ${missing.join(", ") || "none"}.`,
        { scopes },
      ),
    };
  },
};

function orderOf(scopes: string[]): Switches["scopeOrder"] | undefined {
  const orders = { asGiven: GIVEN, reversed: GIVEN.toReversed(), sorted: GIVEN.toSorted() } as const;
  const names = Object.keys(orders) as Switches["scopeOrder"][];
  return names.find((name) => orders[name].join() === scopes.join());
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.toSorted().join() === b.toSorted().join();

const minus = (a: readonly string[], b: readonly string[]): string[] => a.filter((each) => !b.includes(each));
