import type { ApplicationReview, Review } from "./review";
import { disarm } from "./shown";
import { count } from "./wording";

/** A graph of each changing application: its roles, its keys and their scopes, coloured by gained, lost and kept. */
export function mermaid({ applications }: Review): string {
  return [
    "graph LR",
    ...applications.flatMap(subgraph),
    "  classDef gained fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    "  classDef lost fill:#ffebe9,stroke:#cf222e,color:#1f2328,stroke-dasharray:4 3",
    "  classDef kept fill:#f6f8fa,stroke:#8c959f,color:#1f2328",
    "",
  ].join("\n");
}

function subgraph({ name, change, roles, keys, risks, alsoOpens }: ApplicationReview, index: number): string[] {
  const id = `a${index}`;
  const account = { create: "gained", delete: "lost", leave: "kept", update: "kept", replace: "gained", none: "kept" }[
    change
  ];
  const mark = risks.length > 0 ? ` · ${count(risks.length, "thing")} to look at` : "";
  const roleNodes = (["gained", "lost", "kept"] as const).flatMap((state) =>
    roles[state].map((role) => ({ role, state })),
  );
  const others = (["gained", "lost"] as const).flatMap((state) => alsoOpens[state].map((what) => ({ what, state })));
  return [
    `  ${id}["${label((name ?? "outside of any application") + mark)}"]:::${account}`,
    ...roleNodes.map(({ role, state }, at) => `  ${id} -->|role| ${id}r${at}["${label(role)}"]:::${state}`),
    ...others.map(({ what, state }, at) => `  ${id} -->|also opens| ${id}o${at}["${label(what)}"]:::${state}`),
    ...keys.flatMap(({ name: key, what, scopes, gainedScopes, lostScopes, delivery, deliveryBefore }, at) => {
      const state =
        { created: "gained", replaced: "gained", deleted: "lost", removed: "lost" }[what as string] ?? "kept";
      const node = `${id}k${at}`;
      return [
        `  ${id} -->|key| ${node}(["${label(key)} · ${what}"]):::${state}`,
        ...(delivery === undefined
          ? []
          : [
              `  ${node} -->|goes to| ${node}d["${label(delivery)}"]:::${deliveryBefore === undefined ? state : "gained"}`,
            ]),
        ...scopes.map(
          (scope, place) =>
            `  ${node} -->|opens| ${node}s${place}["${label(scope)}"]:::${gainedScopes.includes(scope) ? "gained" : state}`,
        ),
        ...lostScopes.map((scope, place) => `  ${node} -->|opened| ${node}l${place}["${label(scope)}"]:::lost`),
      ];
    }),
  ];
}

/** Mermaid reads `#…;` as a character by number, and HTML. */
const label = (text: string): string => disarm(text).replace(/[<>&;[\]]/g, "▯");
