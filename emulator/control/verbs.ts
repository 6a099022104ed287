import { z } from "zod";
import { type CodeName, codes } from "../status";
import { defaultSwitches } from "../switches";

/** What the verbs of the admin prefix take: a test in another language has no compiler to check its arguments. */
const text = z.string().min(1);
const ms = z.number().int();
const code = z.enum(Object.keys(codes) as [CodeName, ...CodeName[]]);
const labels = z.record(z.string(), z.string());

const fault = z.strictObject({
  method: text,
  times: z.union([z.number().int().min(1), z.literal("always")]).optional(),
  skip: z.number().int().min(0).optional(),
  when: z.enum(["before", "after"]).optional(),
  code: code.optional(),
  message: z.string().optional(),
  echoAnswer: z.boolean().optional(),
  cut: z.boolean().optional(),
  hang: z.boolean().optional(),
  delayMs: ms.min(0).optional(),
  operationFails: z.strictObject({ code, message: z.string() }).optional(),
});

const delay = ms.min(0);
const switches = z.strictObject({
  operations: z.union([
    z.literal("atOnce"),
    z.strictObject({ polls: z.number().int().min(1) }),
    z.strictObject({ ms: delay }),
  ]),
  roleDelayMs: delay,
  keyDelayMs: delay,
  bindingListLagMs: delay,
  latencyMs: delay,
  staleNodes: z.strictObject({ everyNth: z.number().int().min(1), lagMs: delay }).nullable(),
  quotas: z.record(z.enum(Object.keys(defaultSwitches.quotas)), z.number().int().min(0)),
  scopes: z.array(text),
  models: z.array(text),
  usageChunk: z.enum(["recorded", "always", "never"]),
  embeddings: z.enum(["documented", "openai"]),
  scopeOrder: z.enum(["asGiven", "reversed", "sorted"]),
  defaultScopes: z.enum(["documented", "none"]),
});

/** Switches that only are on or off need no row of their own. */
const onOff = Object.entries(defaultSwitches)
  .filter(([, value]) => typeof value === "boolean")
  .map(([name]) => [name, z.boolean()] as const);

const verbs: Record<string, z.ZodType> = {
  addCloud: z.tuple([text.optional()]),
  addFolder: z.tuple([z.strictObject({ name: text.optional(), cloudId: text.optional() }).optional()]),
  addUser: z.tuple([z.strictObject({ name: text.optional() }).optional()]),
  addGroup: z.tuple([z.array(text)]),
  addAccount: z.tuple([
    z.strictObject({
      name: text,
      folderId: text.optional(),
      roles: z.array(text).optional(),
      labels: labels.optional(),
      description: z.string().optional(),
    }),
  ]),
  addGrant: z.tuple([
    z.strictObject({ resourceId: text.optional(), roleId: text, subject: z.strictObject({ id: text, type: text }) }),
  ]),
  addApiKey: z.tuple([
    text,
    z
      .strictObject({ scopes: z.array(text), description: z.string(), expiresAt: ms })
      .partial()
      .optional(),
  ]),
  addAuthorizedKey: z.tuple([text, text]),
  addFederation: z.tuple([
    z.strictObject({
      issuer: text,
      audiences: z.array(text).optional(),
      jwks: z.array(z.looseObject({ kty: text })),
      accountId: text,
      subject: text,
    }),
  ]),
  linkAccount: z.tuple([text]),
  addToken: z.tuple([text, z.strictObject({ lifeMs: ms.min(1).optional() }).optional()]),
  addOauthToken: z.tuple([text]),
  clockAdvance: z.tuple([ms]),
  setSwitches: z.tuple([switches.extend(Object.fromEntries(onOff)).partial()]),
  writes: z.tuple([text]),
  fault: z.tuple([fault]),
  accepts: z.tuple([text]),
};

/** What is wrong with the arguments of a verb, as one sentence; undefined when nothing is. */
export function argumentError(verb: string, args: readonly unknown[]): string | undefined {
  const wanted = Object.hasOwn(verbs, verb) ? verbs[verb] : z.tuple([]);
  const { error } = wanted?.safeParse(args) ?? {};
  if (!error) return undefined;
  return error.issues.map(({ path, message }) => `argument ${path.join(".") || "list"}: ${message}`).join("; ");
}
