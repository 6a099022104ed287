import { fetchThroughProxy, type World } from "../../provider/cloud";
import { realWorld as worldOf } from "../../provider/world";
import type { Environment } from "./environment";

/** The real world for the provider's own code, where a command signs in or asks the cloud. */
export function realWorld(env: Environment): World {
  // The gRPC library reads only the lower-case name, from the process.
  if (env.HTTPS_PROXY) process.env.https_proxy ||= env.HTTPS_PROXY;
  return worldOf(env, fetchThroughProxy);
}
