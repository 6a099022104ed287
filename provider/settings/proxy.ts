import { isLoopback } from "./addresses";

type Env = Record<string, string | undefined>;

/**
 * The proxy that calls to a host go through, as `host:port` without its password; undefined where they go straight. Both
 * spellings of the variables count. This machine is never called through a proxy.
 *
 * @param address host, with or without a port
 */
export function proxyFor(address: string, env: Env): string | undefined {
  const proxy = env.https_proxy?.trim() || env.HTTPS_PROXY?.trim();
  if (!proxy || isLoopback(address) || isExcluded(address, env.no_proxy || env.NO_PROXY)) return undefined;
  const url = URL.canParse(proxy) ? new URL(proxy) : undefined;
  return url ? url.host : "in HTTPS_PROXY, which is not a URL";
}

/** NO_PROXY lists hosts, with or without a port; a domain stands for its subdomains, too, and `*` for every host. */
function isExcluded(address: string, noProxy: string | undefined): boolean {
  const host = address.replace(/:\d+$/, "").toLowerCase();
  return (noProxy ?? "").split(/[,\s]+/).some((entry) => {
    const [name = ""] = entry.toLowerCase().split(":");
    const domain = name.replace(/^\*?\./, "");
    return name === "*" || (domain !== "" && (host === domain || host.endsWith(`.${domain}`)));
  });
}
