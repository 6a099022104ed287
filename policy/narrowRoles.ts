import { capabilityTable } from "../components/capabilities";

const CAPABILITY_ROLES: ReadonlySet<string> = new Set(
  Object.values(capabilityTable).flatMap(({ roles }) => [...roles]),
);

/** Lets its holder use one AI service, such as `ai.translate.user`. */
const USES_ONE_SERVICE = /^ai\.[A-Za-z][\w-]*\.user$/;

/** Lets an application read the secret to which its key is delivered. Narrow on one secret, broad on a folder. */
export const opensOneSecret = (role: string): boolean => role === "lockbox.payloadViewer";

/**
 * Whether a role allows calls to AI Studio and nothing else. This is a list of what is narrow, because a list of what is
 * broad can never be complete: the cloud has hundreds of roles, and new ones come.
 *
 * @param allowed more roles that the team has decided to allow
 */
export const isNarrow = (role: string, allowed: readonly string[] = []): boolean =>
  CAPABILITY_ROLES.has(role) || USES_ONE_SERVICE.test(role) || allowed.includes(role);
