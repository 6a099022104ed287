/** One open port. */
export interface Listener {
  port: number;
  /** Takes no more connections, and ends those that there are: once `quiet` has come, or at once without it. */
  close(quiet?: Promise<void>): Promise<void>;
}

/** Why a port could not be opened, as one sentence that says what to do. `flag` is the option that chooses the port. */
export function portError(error: unknown, host: string, port: number, flag: string): Error {
  const text = error instanceof Error ? error.message : String(error);
  const code = /\bE[A-Z]{4,}\b/.exec(text)?.[0] ?? text;
  if (code === "EADDRINUSE")
    return new Error(`Port ${port} of ${host} is in use. Stop what uses it, or choose another with ${flag}.`);
  if (code === "EACCES")
    return new Error(`Port ${port} of ${host} may not be used by this user. Choose one above 1023 with ${flag}.`);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new Error(`${host} is not an address of this machine. Choose another with --host.`);
  return new Error(`Port ${port} of ${host} cannot be used (${code}).`);
}
