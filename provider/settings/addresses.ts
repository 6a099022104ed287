/** Addresses that settings give. A reader answers undefined where the text is not one, and what it should be. */

export const ENDPOINT_FORM = "must be a host and a port, such as api.cloud.yandex.net:443, without https://";
export const URL_FORM = "must be a URL that begins with https://; http:// is for this machine only";

/** `host:port`; the port of TLS where none is given. */
export function readEndpoint(text: string): string | undefined {
  const parts = /^(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(text);
  const port = Number(parts?.[2] ?? 443);
  return parts && port > 0 && port < 65536 ? `${parts[1]}:${port}` : undefined;
}

/** Without a slash at the end. Credentials go there, so where there is no TLS it must be on this machine. */
export function readUrl(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback(url.host));
  return url && isSafe && !url.username && !url.password ? url.href.replace(/\/+$/, "") : undefined;
}

/** Whether a host, with or without a port, is this machine. */
export const isLoopback = (address: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(address);
