/**
 * testing: the local cloud as an npm package of its own, for the tests of an application: `npm run package` makes it.
 * It may import the emulator, and of the component what each capability gives.
 */
import { logVerbosity, setLogVerbosity } from "@grpc/grpc-js";
import { accessFor, type Capability, isCapability, nearestCapability } from "../components/capabilities";
import { startEmulator as start } from "../emulator/emulator";
import type { Fault, StartEmulator } from "./types";

export const startEmulator: StartEmulator = async ({ port, models = [], cors } = {}) => {
  // What gRPC has to say comes as a sentence of ours. The package has a copy of gRPC of its own.
  setLogVerbosity(logVerbosity.NONE);
  const cloud = await start({ port, cors, switches: { models } });
  let keys = 0;
  return {
    baseUrl: `${cloud.url}/v1`,
    url: cloud.url,
    endpoint: cloud.endpoint,
    tlsUrl: cloud.tlsUrl,
    tlsEndpoint: cloud.tlsEndpoint,
    caPem: cloud.caPem,
    folderId: cloud.folderId,
    keyFor(capabilities, { expiresAt } = {}) {
      const { roles, scopes } = accessFor(capabilities.map(checked));
      keys += 1;
      const account = cloud.addAccount({ name: `application-${keys}`, roles });
      return cloud.addApiKey(account, { scopes, expiresAt: expiresAt?.getTime() }).secret;
    },
    fail: (fault: Fault) => cloud.fault(fault),
    calls: () => cloud.calls.map(({ method, status }) => ({ method, status })),
    advance: (ms) => cloud.clock.advance(ms),
    dispose: () => cloud.close(),
    [Symbol.asyncDispose]: () => cloud.close(),
  };
};

/** JavaScript has no compiler to check the words. */
export function checked(word: string): Capability {
  if (isCapability(word)) return word;
  const near = nearestCapability(word);
  throw new Error(`There is no capability "${word}"${near ? `: did you mean "${near}"?` : "."}`);
}
