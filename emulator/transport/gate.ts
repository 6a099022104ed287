import { isIP } from "node:net";
import { StatusError } from "../status";

/**
 * Keeps web pages away. A page of another site may send requests to this machine, by its address (which `Origin` gives away)
 * or by a name of its own that it has pointed here (which `Host` gives away). Programs send neither by themselves.
 */
export interface Gate {
  /** Throws a StatusError for a request that a page of another site may have sent. */
  check(method: string, authority: string | undefined, origin: string | undefined, isTls: boolean): void;
}

/** `host` is the address listened on; `origins` are those that `--cors` opens, `*` for all. */
export function openGate(host: string, origins: readonly string[]): Gate {
  const isWildcard = host === "0.0.0.0" || host === "::";
  const isServed = (name: string) =>
    isLoopback(name) ||
    name === host.toLowerCase() ||
    // Names that the public DNS cannot give to anybody: of a container, of Docker's host, and addresses themselves.
    (isWildcard && (isIP(name) !== 0 || !name.includes(".") || name.endsWith(".internal")));

  return {
    check(method, authority, origin, isTls) {
      if (authority !== undefined) {
        const name = hostNameOf(authority);
        if (!isServed(name))
          throw new StatusError(
            "PERMISSION_DENIED",
            `The local cloud does not serve the host name ${name.slice(0, 100)}: use localhost, or start it with --host.`,
          );
      }
      const own = `${isTls ? "https" : "http"}://${authority}`;
      const changes = method !== "GET" && method !== "HEAD" && method !== "OPTIONS";
      if (!changes || origin === undefined || origin === own || origins.includes(origin) || origins.includes("*"))
        return;
      throw new StatusError(
        "PERMISSION_DENIED",
        `A page of ${origin.slice(0, 100)} may not call the local cloud: start it with --cors ${origin.slice(0, 100)} to allow that.`,
      );
    },
  };
}

const isLoopback = (name: string) =>
  name === "localhost" ||
  name.endsWith(".localhost") ||
  name === "::1" ||
  (isIP(name) === 4 && name.startsWith("127."));

/** The host of `host:port`, without the brackets of an IPv6 address. */
function hostNameOf(authority: string): string {
  const found = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::(\d{1,5}))?$/i.exec(authority);
  const [, v6, name, port = "0"] = found ?? [];
  const host = v6 ?? name;
  if (host === undefined || Number(port) > 65535 || (v6 !== undefined && isIP(v6) !== 6))
    throw new StatusError("INVALID_ARGUMENT", "The Host header is not a host name with an optional port");
  return host.toLowerCase();
}
