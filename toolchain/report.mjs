/** Tells the user what is being done. On stderr, so that a task's own output can be piped. */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

/** An error the user can do something about: its message is one whole sentence and is shown alone. */
export function stop(sentence, cause) {
  return Object.assign(new Error(sentence, { cause }), { expected: true });
}

/** Says `label`, then the elapsed time every 15 seconds until `work` has settled. */
export async function announce(label, work) {
  say(label);
  const started = Date.now();
  const ticker = setInterval(() => say(`  … ${Math.round((Date.now() - started) / 1000)} s`), 15_000);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

/** What a failed tool most likely lacked, read from what it printed; undefined if its text tells nothing known. */
export function findMissing(output) {
  const known = [
    [/ENOSPC|no space left on device|disk quota exceeded/i, "the disk is full"],
    [
      /ENOTFOUND|EAI_AGAIN|no such host|Temporary failure in name resolution/i,
      "there is no network or no name service",
    ],
    [/ETIMEDOUT|i\/o timeout|ERR_SOCKET_TIMEOUT|Client\.Timeout/i, "the network does not answer in time"],
    [/ECONNREFUSED|ECONNRESET|connection refused|connection reset|network is unreachable/i, "the network refuses"],
    [/E40[13]|40[13] (Forbidden|Unauthorized)/i, "the registry refuses this machine"],
    [/EACCES|permission denied/i, "a folder is not writable"],
  ];
  return known.find(([pattern]) => pattern.test(output))?.[1];
}

/** The last line that says something: usually the one with the reason. */
export function lastLine(output) {
  return output.trim().split("\n").at(-1)?.trim() ?? "";
}
