import type { RunLease } from "../schema/run-store.ts";

/**
 * Looks into the inbox now and then, since a cancel must not wait for the end of a long step: it aborts `cancel`. The returned function
 * ends that.
 */
export function watchForCancel(
  lease: Pick<RunLease, "pending">,
  intervalMs: number,
  cancel: AbortController,
): () => void {
  const look = () => {
    lease.pending().then(
      (commands) => {
        if (commands.some(({ verb }) => verb === "cancel")) cancel.abort();
      },
      () => {},
    );
  };
  const timer = setInterval(look, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
