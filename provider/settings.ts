/**
 * settings/: the settings of the provider, from the stack, else the environment, else their default.
 * It may import properties and world.ts; it makes no call.
 * Start with settings/table.ts, where each setting is declared once; settings/choice.ts decides how to sign in, and
 * settings/configuration.ts is what the engine checks and compares.
 */
import { ENDPOINT_FORM, isLoopback, readEndpoint, readUrl, URL_FORM } from "./settings/addresses";
import { isUnknown, lookupIn, SETTINGS } from "./settings/table";
import type { SettingName } from "./settings/table";
import { chooseSignIn } from "./settings/choice";
import type { SignIn } from "./settings/choice";

/**
 * The provider's configuration, decided. Each setting comes from the stack, else from the environment, else from its
 * default. Values arrive as they are meant or as strings: the engine passes on what it has.
 */
export interface Settings {
  /** How the deployer signs in, and where that was said. */
  signIn: SignIn;
  cloudId: string | undefined;
  folderId: string | undefined;
  /** Host and port at which the API tells the addresses of its services. */
  endpoint: string;
  /** No TLS; only for an endpoint on this machine. */
  plaintext: boolean;
  /** TLS whose certificate is not checked. */
  insecure: boolean;
  /** How often a call is repeated that may be repeated without harm. */
  maxRetries: number;
  /** PEM file of certificates that are trusted besides the usual ones. */
  caFile: string | undefined;
  /** URL of AI Studio, without a slash at the end. */
  aiEndpoint: string;
  /** IDs of service accounts that the user takes over from a state that is lost. */
  takeOver: string[];
}

/** Why a setting cannot be used; reads on from its name. Never quotes what may be secret. */
export interface SettingFailure {
  property: string;
  reason: string;
}

/** Decides the settings. Where a setting is wrong, its default is used and a failure says so. */
export function readProviderSettings(
  config: Record<string, unknown>,
  env: Record<string, string | undefined>,
): { settings: Settings; failures: SettingFailure[] } {
  const lookup = lookupIn(config, env);
  const failures: SettingFailure[] = [];
  const fail = (property: SettingName, reason: string) => void failures.push({ property, reason });

  /** The setting as `parse` reads it; its default where it is not set or `parse` cannot read it. */
  const read = <T extends string | number | boolean>(
    property: SettingName,
    parse: (text: string) => T | undefined,
    form: string,
  ): T => {
    const fallback = SETTINGS[property].default as T;
    const given = lookup(property);
    if (!given) return fallback;
    const parsed = parse(given.value);
    if (parsed !== undefined) return parsed;
    fail(property, given.fromEnvironment ? `${form}, which ${given.source} is not` : form);
    return fallback;
  };
  const text = (property: SettingName) => lookup(property)?.value;

  for (const property of Object.keys(SETTINGS) as SettingName[]) {
    const value = config[property];
    if (typeof value === "object" && value !== null) fail(property, "must be one value, not a list or a map");
  }
  const endpoint = read("endpoint", readEndpoint, ENDPOINT_FORM);
  const plaintext = read("plaintext", readFlag, "must be true or false");
  if (plaintext && !isLoopback(endpoint)) {
    fail("plaintext", `would send the credential unencrypted to ${endpoint}; it is for endpoints on this machine only`);
  }
  const settings: Settings = {
    signIn: chooseSignIn(lookup, (property) => isUnknown(config, property), fail, env),
    cloudId: text("cloudId"),
    folderId: text("folderId"),
    endpoint,
    plaintext,
    insecure: read("insecure", readFlag, "must be true or false"),
    maxRetries: read("maxRetries", readRetries, `must be a whole number from ${LEAST} to ${MOST}`),
    caFile: text("caFile"),
    aiEndpoint: read("aiEndpoint", readUrl, URL_FORM),
    // Of one run, so the stack cannot set it.
    takeOver: (env["YC_TAKE_OVER"] ?? "").split(/[\s,]+/).filter((id) => id !== ""),
  };
  return { settings, failures };
}

/** The credentials among the settings, also those of the environment. */
export function credentialsIn(config: Record<string, unknown>, env: Record<string, string | undefined>): string[] {
  const lookup = lookupIn(config, env);
  const names = (Object.keys(SETTINGS) as SettingName[]).filter((name) => SETTINGS[name].property.secret);
  return names.flatMap((name) => lookup(name)?.value ?? []);
}

const FLAGS: Record<string, boolean> = { true: true, "1": true, false: false, "0": false };

const readFlag = (text: string): boolean | undefined => FLAGS[text.toLowerCase()];

const { min: LEAST = 0, max: MOST = Infinity } = SETTINGS.maxRetries.property;

const readRetries = (text: string): number | undefined =>
  /^\d+$/.test(text) && Number(text) >= LEAST && Number(text) <= MOST ? Number(text) : undefined;
