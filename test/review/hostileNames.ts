import { APPLICATION, digestOf } from "./digest";

/** A preview in which every text that its author decides about is this one. */
export function previewOf(text: string, value = `v${text}`): string {
  const application = `a${text}`;
  const account = { name: value, folderId: value, description: value, labels: { [value]: value } };
  const grant = { role: value, folderId: value, member: value };
  const key = { scopes: [value], expiresAt: value, description: value, serviceAccountId: value, pgpKey: value };
  const of = (name: string) => ({ application, name: `${name}${text}`, id: value });
  return digestOf(
    [
      { op: "create", type: APPLICATION, name: application, after: { env: value } },
      { op: "replace", type: "IamServiceAccount", ...of("b"), before: account, after: account, forcing: [`f${text}`] },
      { op: "create", type: "ResourcemanagerFolderIamMember", ...of("c"), after: grant },
      { op: "delete", type: "IamServiceAccountApiKey", ...of("d"), before: key },
      { op: "refresh", type: "IamServiceAccountApiKey", ...of("e"), before: { ...key, description: "older" } },
      { op: "update", type: "IamServiceAccountApiKey", ...of("e"), before: key, after: key, changed: [`g${text}`] },
      { op: "create", type: `random:index:${text.replace(/[:$]/g, "")}T`, name: `h${text}`, after: { [value]: value } },
    ],
    {
      config: { [text]: value },
      diagnostics: [
        { severity: "error", message: `error: e${text}`, urn: `urn:pulumi:dev::shop::a:b:C::i${text}` },
        { severity: "info", message: value },
      ],
    },
  );
}

/** Text that means something to Markdown, HTML, GitHub, a CI log, a terminal or Mermaid. */
export const markup = [
  [
    "`",
    "``",
    "```\n",
    "~~~",
    "|",
    "\\|",
    "\n| a | b |\n",
    "\n\n# Agreed\n",
    "\r",
    "<!--",
    "-->",
    "</details>",
    "<img src=x onerror=y>",
  ],
  [
    "<script>",
    "&lt;b&gt;",
    "@everyone",
    "@team/owners",
    "#1",
    "GH-1",
    "[agree](http://e.example)",
    "![](//e.example/p)",
    "http://e.example",
  ],
  [
    "**",
    "__init__",
    ":tada:",
    "$x^2$",
    "::set-output name=a::b",
    "\n::error::no",
    "##[command]",
    "##vso[task]",
    "section_start:1:a",
  ],
  [
    "\u001b[2J",
    "\u009b31m",
    "\u0007",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u00ad",
    "\u0000",
    '"]',
    '"):::gained',
    "#quot;",
    "#35;",
    "end",
    "%%{init: {}}%%",
  ],
  ["click a0 callback", "-->|x|", ";", "{{", "}}", "{% raw %}"],
].flat();
