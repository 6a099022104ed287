import { refuse } from "../../status";
import type { State } from "../../store/state";
import type { ShownResponse } from "./responseEvents";
import type { Item } from "./responseRequest";

export interface ResponseRecord {
  id: string;
  folderId: string;
  previousId: string | undefined;
  /** The items of the request. */
  input: Item[];
  /** The response when it is done. */
  shown: ShownResponse;
  createdAt: number;
  /** While it runs in the background: when it ends, by the switch `operations`. */
  background?: { pollsLeft: number } | { doneAt: number };
}

/** How many are kept; the oldest goes first. The cloud keeps them for 30 days. */
const kept = 2000;
/** A chain is followed so far back. */
const longestChain = 100;

export function openResponses(state: State) {
  const table = state.tables.table<ResponseRecord>("responses");

  function require(folderId: string, id: string): ResponseRecord {
    const record = table.get(id);
    return record?.folderId === folderId ? record : refuse("NOT_FOUND", `Response with id '${id}' not found`);
  }
  const running = (record: ResponseRecord, status: string): ResponseRecord => ({
    ...record,
    shown: { ...record.shown, status, output: [], usage: null, incomplete_details: null },
  });

  return {
    require,
    put(record: ResponseRecord): void {
      table.put(record.id, record);
      for (const { id } of table.values()) {
        if (table.size <= kept) break;
        table.remove(id);
      }
    },
    remove: (id: string) => table.remove(id),
    /** Lets a response run in the background, and answers how it looks then. */
    queue(id: string): ResponseRecord {
      const record = table.get(id) ?? refuse("NOT_FOUND", `Response with id '${id}' not found`);
      const timing = state.switches.operations;
      const now = state.clock.now();
      const background =
        timing === "atOnce"
          ? { pollsLeft: 1 }
          : "polls" in timing
            ? { pollsLeft: timing.polls }
            : { doneAt: now + timing.ms };
      table.put(id, { ...record, background });
      return running(record, "queued");
    },
    /** How a response looks to a client that asks for it now. */
    poll(record: ResponseRecord): ResponseRecord {
      const { background, ...done } = record;
      if (!background) return record;
      if ("doneAt" in background && background.doneAt > state.clock.now()) return running(record, "in_progress");
      if ("pollsLeft" in background && background.pollsLeft > 1) {
        table.put(record.id, { ...record, background: { pollsLeft: background.pollsLeft - 1 } });
        return running(record, "in_progress");
      }
      table.put(record.id, done);
      return done;
    },
    cancel(record: ResponseRecord): ResponseRecord {
      const { background, ...rest } = record;
      if (!background)
        return refuse("INVALID_ARGUMENT", "Only a response that runs in the background can be cancelled");
      const cancelled = running(rest, "cancelled");
      table.put(record.id, cancelled);
      return cancelled;
    },
    /** All that was said before, oldest first, in a chain of responses. */
    contextOf(folderId: string, previousId: string | undefined): Item[] {
      const items: Item[][] = [];
      let id = previousId;
      while (id !== undefined && items.length < longestChain) {
        // A response further back may have been deleted; the one that the request names may not.
        const record: ResponseRecord | undefined = items.length === 0 ? require(folderId, id) : table.get(id);
        if (!record) break;
        items.unshift([...record.input, ...record.shown.output]);
        id = record.previousId;
      }
      return items.flat();
    },
  };
}
