import { setTimeout as sleep } from "node:timers/promises";
import type { EventPayload } from "../schema/run-event.ts";

type Ending = EventPayload<"goal_ended">;

/** The runs of goals that are under way in this process. */
export interface UnderWay {
  /** `ending` never rejects. */
  add(ending: Promise<Ending>): void;
  /** Those that have ended and were not told of yet; waits for one, for `waitMs` at most. */
  next(waitMs: number, signal: AbortSignal): Promise<readonly Ending[]>;
  /** Waits until none is under way any more. */
  allEnded(): Promise<void>;
}

/** None yet. */
export function createUnderWay(): UnderWay {
  const open = new Set<Promise<unknown>>();
  const ended: Ending[] = [];
  return {
    add(ending) {
      const told = ending.then((each) => {
        open.delete(told);
        ended.push(each);
      });
      open.add(told);
    },
    async next(waitMs, signal) {
      if (ended.length > 0) return ended.splice(0);
      const timer = new AbortController();
      const pause = sleep(waitMs, undefined, { signal: AbortSignal.any([timer.signal, signal]) }).catch(() => {});
      await Promise.race([pause, ...open]);
      timer.abort();
      return ended.splice(0);
    },
    allEnded: async () => {
      await Promise.all(open);
    },
  };
}
