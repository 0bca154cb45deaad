import { OrchestratorError } from "../schema/errors.ts";
import type { RunKey, RunQuery, RunRow } from "../schema/run-store.ts";

const batchRows = 64;

/** Orders runs by id, newest first: ids begin with the moment at which they were made. */
export function compareNewestFirst(left: RunKey, right: RunKey): number {
  if (left.runId !== right.runId) return left.runId < right.runId ? 1 : -1;
  return left.taskId === right.taskId ? 0 : left.taskId < right.taskId ? 1 : -1;
}

/** One page of rows. `keys` are all runs, newest first; `readRow` is asked for a bounded number at a time, and only for this page. */
export async function listPage(
  keys: readonly RunKey[],
  query: RunQuery,
  readRow: (key: RunKey) => Promise<RunRow>,
): Promise<{ rows: readonly RunRow[]; cursor: string | null }> {
  if (!Number.isInteger(query.limit) || query.limit < 1) {
    throw new OrchestratorError("usage", `a page of ${query.limit} runs cannot be listed: give a whole number from 1`);
  }
  const candidates = keysAfter(keys, query);
  const rows: RunRow[] = [];
  let looked = 0;
  while (looked < candidates.length && rows.length < query.limit) {
    const room = query.status === undefined ? query.limit - rows.length : batchRows;
    const batch = candidates.slice(looked, looked + Math.min(batchRows, room));
    for (const row of await Promise.all(batch.map(readRow))) {
      if (rows.length === query.limit) break;
      looked += 1;
      if (query.status === undefined || (!row.damaged && row.status === query.status)) rows.push(row);
    }
  }
  const last = candidates[looked - 1];
  return { rows, cursor: last !== undefined && looked < candidates.length ? `${last.runId}/${last.taskId}` : null };
}

function keysAfter(keys: readonly RunKey[], { taskId, cursor }: RunQuery): readonly RunKey[] {
  const ofTask = taskId === undefined ? keys : keys.filter((key) => key.taskId === taskId);
  if (cursor === undefined) return ofTask;
  const [runId, cursorTask, ...rest] = cursor.split("/");
  if (!runId || !cursorTask || rest.length > 0) {
    throw new OrchestratorError("usage", `"${cursor}" is no cursor of a list of runs; begin again without one`);
  }
  return ofTask.filter((key) => compareNewestFirst({ runId, taskId: cursorTask }, key) < 0);
}
