import type { RunKey, RunRow } from "../schema/run-store.ts";

/** Which finished runs may go. At least one limit is given; where both are, a run must be beyond both. */
export interface PruneLimits {
  /** The newest finished runs that stay. */
  readonly keep: number | null;
  readonly olderThanMs: number | null;
}

/** What is to become of one run, and why. */
export interface PruneChoice {
  readonly key: RunKey;
  readonly goes: boolean;
  readonly reason: string;
}

/**
 * Chooses among all runs, newest first. Only a run that is finished and that nothing relies on ever goes: not one that is damaged, held, blocked,
 * paused or open to be resumed. Pure.
 */
export function choosePrunable(
  rows: readonly RunRow[],
  limits: PruneLimits,
  relied: ReadonlySet<string>,
  now: Date,
): readonly PruneChoice[] {
  let finished = 0;
  return rows.map((row) => {
    const { key } = row;
    if (row.damaged) return stays(key, "it is damaged; see runs verify");
    if (row.finishedAt === null) return stays(key, `it is not finished (${row.status})`);
    finished += 1;
    if (relied.has(key.runId)) return stays(key, "something under tasks/ relies on it");
    if (limits.keep !== null && finished <= limits.keep) return stays(key, `it is one of the newest ${limits.keep}`);
    const ageMs = now.getTime() - Date.parse(row.finishedAt);
    if (limits.olderThanMs !== null && !(ageMs > limits.olderThanMs)) return stays(key, "it is too young");
    return { key, goes: true, reason: `finished ${row.finishedAt}` };
  });
}

function stays(key: RunKey, reason: string): PruneChoice {
  return { key, goes: false, reason };
}
