import { setInterval } from "node:timers/promises";

/** Waits until the condition holds, or until the other thing has ended, after which it never would. */
export async function until(condition: () => boolean, unlessEnded?: Promise<unknown>): Promise<void> {
  let ended = false;
  const end = () => (ended = true);
  unlessEnded?.then(end, end);
  for await (const _ of setInterval(10)) if (ended || condition()) return;
}
