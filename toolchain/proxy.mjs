import http from "node:http";

/** What never goes through a proxy. */
const THIS_MACHINE = ["localhost", "127.0.0.1", "::1", "[::1]"];

/**
 * Sends what this process fetches through HTTPS_PROXY and HTTP_PROXY, in either spelling, except to the hosts of NO_PROXY
 * and to this machine. Answers a sentence where a proxy is set that this Node.js cannot use.
 */
export function useProxy(env = process.env) {
  const valueOf = (name) => env[name] || env[name.toUpperCase()];
  const proxies = { http_proxy: valueOf("http_proxy"), https_proxy: valueOf("https_proxy") };
  if (!proxies.http_proxy && !proxies.https_proxy) return undefined;
  if (!http.setGlobalProxyFromEnv)
    return `A proxy is set, which Node.js ${process.versions.node} cannot use: install Node.js 24.14 or newer.`;
  const direct = [valueOf("no_proxy"), ...THIS_MACHINE].filter(Boolean).join(",");
  http.setGlobalProxyFromEnv({ ...proxies, no_proxy: direct });
  return undefined;
}
