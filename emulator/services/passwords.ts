import { randomInt } from "node:crypto";
import type { PasswordPayloadSpecification } from "@yandex-cloud/nodejs-sdk/lockbox-v1/secret";
import { invalid, required, size } from "../calls/validation";

const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/** Used where the specification leaves the length to the cloud (documentation: 36). */
const defaultLength = 36;
const maxLength = 256;

/**
 * A password by a specification of Lockbox: each class of characters that is included (all by default) occurs at least once.
 * Refuses a specification that no password fits.
 */
export function generatePassword(specification: PasswordPayloadSpecification): string {
  const classes = classesOf(specification);
  const length = specification.length || defaultLength;
  if (classes.length === 0)
    invalid("passwordPayloadSpecification", "At least one class of characters must be included");
  size("passwordPayloadSpecification.length", length, classes.length, maxLength);

  const all = classes.join("");
  const characters = classes.map(pick);
  while (characters.length < length) characters.push(pick(all));
  return shuffled(characters).join("");
}

/** Refuses a specification that the cloud would not keep. */
export function checkPassword(specification: PasswordPayloadSpecification | undefined): void {
  if (!specification) return;
  required("passwordPayloadSpecification.passwordKey", specification.passwordKey);
  generatePassword(specification);
}

function classesOf(specification: PasswordPayloadSpecification): string[] {
  const { includedPunctuation, excludedPunctuation } = specification;
  if (includedPunctuation !== "" && excludedPunctuation !== "")
    invalid("passwordPayloadSpecification", "includedPunctuation and excludedPunctuation cannot be set together");
  const signs = [...(includedPunctuation || punctuation)].filter((sign) => !excludedPunctuation.includes(sign));
  return [
    (specification.includeUppercase ?? true) && upper,
    (specification.includeLowercase ?? true) && upper.toLowerCase(),
    (specification.includeDigits ?? true) && "0123456789",
    (specification.includePunctuation ?? true) && signs.join(""),
  ].filter((characters): characters is string => typeof characters === "string" && characters !== "");
}

const pick = (characters: string): string => characters[randomInt(characters.length)] ?? "";

function shuffled<T>(items: T[]): T[] {
  const rest = [...items];
  return items.map(() => rest.splice(randomInt(rest.length), 1)[0] as T);
}
