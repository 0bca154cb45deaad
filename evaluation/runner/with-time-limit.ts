import { setTimeout as pause } from "node:timers/promises";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";

/** What became of work that had a limit. `late` is what it still gave after it was told to end. */
export type Limited<T> = { readonly isDone: true; readonly value: T } | { readonly isDone: false; readonly late?: T };

/** Longer than a command has between the request to end and the end. */
const defaultGraceMs = 3_000;

/**
 * Gives work a signal that is aborted after `limitMs`, or when `signal` is, and waits `graceMs` at most for it to end. What work that heeds no
 * signal does afterwards is nobody's. Rejects with `aborted` where `signal` was, else with what the work throws within its time.
 */
export async function withTimeLimit<T>(
  limitMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  graceMs: number = defaultGraceMs,
): Promise<Limited<T>> {
  if (signal.aborted) throw evaluationStopped();
  const own = new AbortController();
  const timer = setTimeout(() => own.abort(), limitMs);
  const stop = () => own.abort();
  signal.addEventListener("abort", stop, { once: true });
  const cut = new Promise<Limited<T>>((resolve) => {
    own.signal.addEventListener("abort", () => resolve({ isDone: false }), { once: true });
  });
  const done = work(own.signal).then((value): Limited<T> => ({ isDone: true, value }));
  try {
    const first = await Promise.race([done, cut]);
    if (first.isDone) return first;
    const late = await waitFor(done, graceMs);
    if (signal.aborted) throw evaluationStopped();
    return { ...first, ...late };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** For an evaluation that its caller stopped. */
export function evaluationStopped(): OrchestratorError {
  return new OrchestratorError("aborted", "the evaluation was stopped; start it again to go on");
}

async function waitFor<T>(work: Promise<Limited<T>>, limitMs: number): Promise<{ readonly late?: T }> {
  const timer = new AbortController();
  const settled = work.then(
    (done) => (done.isDone ? { late: done.value } : {}),
    () => ({}),
  );
  const tooLate = pause(limitMs, {}, { signal: timer.signal }).catch(() => ({}));
  const late = await Promise.race([settled, tooLate]);
  timer.abort();
  return late;
}
