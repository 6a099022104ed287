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
  /** TLS whose certificate nobody checks. */
  insecure: boolean;
  /** How often a call is repeated that may be repeated without harm. */
  maxRetries: number;
  /** PEM file of certificates that are trusted besides the usual ones. */
  caFile: string | undefined;
  /** URL of AI Studio, without a slash at the end. */
  aiEndpoint: string;
}

/** Why a setting cannot be used; reads on from its name. Never quotes what may be secret. */
export interface SettingFailure {
  property: string;
  reason: string;
}

const DEFAULT_ENDPOINT = "api.cloud.yandex.net:443";
const DEFAULT_AI_ENDPOINT = "https://ai.api.cloud.yandex.net";
const DEFAULT_RETRIES = 5;
const MOST_RETRIES = 100;

/** Decides the settings. Where something is wrong with one, its default stands in and a failure says so. */
export function readProviderSettings(
  config: Record<string, unknown>,
  env: Record<string, string | undefined>,
): { settings: Settings; failures: SettingFailure[] } {
  const lookup = lookupIn(config, env);
  const failures: SettingFailure[] = [];
  const fail = (property: SettingName, reason: string) => void failures.push({ property, reason });

  /** The setting as `parse` makes it; `fallback` where nobody gave it or `parse` finds no sense in it. */
  const read = <T, U>(
    property: SettingName,
    parse: (text: string) => T | undefined,
    fallback: U,
    form: string,
  ): T | U => {
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
  const endpoint = read("endpoint", readEndpoint, DEFAULT_ENDPOINT, ENDPOINT_FORM);
  const plaintext = read("plaintext", readFlag, false, "must be true or false");
  if (plaintext && !isLoopback(endpoint)) {
    fail("plaintext", `would send the credential unencrypted to ${endpoint}; it is for endpoints on this machine only`);
  }
  const settings: Settings = {
    signIn: chooseSignIn(lookup, (property) => isUnknown(config, property), fail, env),
    cloudId: text("cloudId"),
    folderId: text("folderId"),
    endpoint,
    plaintext,
    insecure: read("insecure", readFlag, false, "must be true or false"),
    maxRetries: read("maxRetries", readRetries, DEFAULT_RETRIES, `must be a whole number from 0 to ${MOST_RETRIES}`),
    caFile: text("caFile"),
    aiEndpoint: read("aiEndpoint", readUrl, DEFAULT_AI_ENDPOINT, URL_FORM),
  };
  return { settings, failures };
}

const FLAGS: Record<string, boolean> = { true: true, "1": true, false: false, "0": false };

const readFlag = (text: string): boolean | undefined => FLAGS[text.toLowerCase()];

const readRetries = (text: string): number | undefined =>
  /^\d{1,3}$/.test(text) && Number(text) <= MOST_RETRIES ? Number(text) : undefined;
