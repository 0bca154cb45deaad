/** Lets one waiter sleep until there is something to do. */
export interface Waker {
  /** Ends the wait under way, or the next one at once. */
  wake(): void;
  /** Resolves after a `wake` since the last wait, after `ms` milliseconds, or when `signal` aborts. Never rejects. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A waker for one waiter at a time. */
export function createWaker(): Waker {
  let isAwake = false;
  let ring = () => {};
  return {
    wake() {
      isAwake = true;
      ring();
    },
    async wait(ms, signal) {
      if (!isAwake && !signal?.aborted) await waitForRing(ms, signal, (listener) => (ring = listener));
      isAwake = false;
    },
  };
}

function waitForRing(
  ms: number,
  signal: AbortSignal | undefined,
  expect: (listener: () => void) => void,
): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener("abort", done, { once: true });
    expect(done);
  });
}
