import type { KnownEvent } from "../schema/run-event.ts";

/** Lets any number of readers follow a growing list of events to its end. */
export interface EventTap {
  /** From the first event; each reader has its own place. */
  readonly events: AsyncIterable<KnownEvent>;
  /** Says that the list has grown. */
  grown(): void;
  /** Says that it will not grow any more. */
  close(): void;
}

/** A tap on a list that its owner appends to: nothing is copied. */
export function createEventTap(list: readonly KnownEvent[]): EventTap {
  let waiting: (() => void)[] = [];
  let isClosed = false;
  const wake = () => {
    for (const resume of waiting.splice(0)) resume();
  };
  async function* read(): AsyncGenerator<KnownEvent> {
    for (let next = 0; ; ) {
      const event = list[next];
      if (event !== undefined) {
        next += 1;
        yield event;
      } else if (isClosed) return;
      else await new Promise<void>((resume) => waiting.push(resume));
    }
  }
  return {
    events: { [Symbol.asyncIterator]: read },
    grown: wake,
    close: () => {
      isClosed = true;
      wake();
      waiting = [];
    },
  };
}
