/** A resource as a rule looks at it: its properties, and the resources from which the program made them. */
export interface Subject {
  type: string;
  name: string;
  urn?: string;
  /** Reading a property whose value is not known yet throws; see `known`. */
  props: Record<string, unknown>;
}

export interface Connected extends Subject {
  /** By property, the resources that its value was made from. */
  propertyDependencies: Record<string, Subject[]>;
}

/** The bridged provider has the same types, so the rules hold for a program that uses that one, too. */
const kindOf = ({ type }: Typed): string => (type.startsWith("yandex:") ? (type.split(":").at(-1) ?? "") : "");

/** Anything with a type token. */
export type Typed = Pick<Subject, "type">;

export const isAccount = (subject: Typed): boolean => kindOf(subject) === "IamServiceAccount";
export const isApiKey = (subject: Typed): boolean => kindOf(subject) === "IamServiceAccountApiKey";

/** API key, authorized key or static access key: its holder acts as the account. */
export const isKey = (subject: Typed): boolean => /^IamServiceAccount(Api|StaticAccess)?Key$/.test(kindOf(subject));

/** One role for one member, whatever it is granted on. */
export const isGrant = (subject: Typed): boolean => kindOf(subject).endsWith("IamMember");

/** A secret of Lockbox. */
export const isSecret = (subject: Typed): boolean => kindOf(subject) === "LockboxSecret";

/** A role on one Lockbox secret. */
export const isOnSecret = (subject: Typed): boolean => kindOf(subject) === "LockboxSecretIamMember";

/** The whole list of who holds a role, or all roles: it removes what others have granted. */
export const isAuthoritative = (subject: Typed): boolean => /Iam(Binding|Policy)$/.test(kindOf(subject));

/** The property as text; undefined where it is missing, and where a preview cannot know it. */
export function known(subject: Subject, property: string): string | undefined {
  try {
    const value = subject.props[property];
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
