import { basename, dirname, resolve, sep } from "node:path";
import { OrchestratorError } from "../schema/errors.ts";
import type { RunKey } from "../schema/run-store.ts";
import type { RunArchive } from "./run-archive.ts";

const candidatesMax = 10;

/**
 * Finds the run that a person means: its whole id, the beginning of only one, `latest`, or the path of its folder. Throws
 * `run_not_found`, or `run_ambiguous` with the candidates.
 */
export async function resolveRun(store: Pick<RunArchive, "keys" | "hasBegun">, text: string): Promise<RunKey> {
  const keys = await store.keys();
  const matches = text === "latest" ? await findLatest(store, keys) : findMatches(keys, text);
  const [first] = matches;
  if (first === undefined) throw notFound(text, keys.length);
  if (matches.length > 1) throw ambiguous(text, matches);
  return first;
}

/** The newest run with an event: a runner that was killed while it began one left nothing to go on with. */
async function findLatest(store: Pick<RunArchive, "hasBegun">, keys: readonly RunKey[]): Promise<readonly RunKey[]> {
  for (const key of keys) {
    if (await store.hasBegun(key)) return [key];
  }
  return [];
}

function findMatches(keys: readonly RunKey[], text: string): readonly RunKey[] {
  if (text.includes("/") || text.includes(sep)) return keys.filter((key) => isPathOf(key, text));
  const exact = keys.filter(({ runId }) => runId === text);
  return exact.length > 0 || text === "" ? exact : keys.filter(({ runId }) => runId.startsWith(text));
}

function isPathOf({ taskId, runId }: RunKey, path: string): boolean {
  const full = resolve(path);
  return basename(full) === runId && basename(dirname(full)) === taskId;
}

function notFound(text: string, count: number): OrchestratorError {
  const what = count === 0 ? "there are no runs here yet" : `none of the ${count} runs here has it`;
  const advice = "give a run id, the beginning of one, latest, or the path of a run's folder";
  return new OrchestratorError("run_not_found", `no run is meant by "${text}": ${what}; ${advice}`);
}

function ambiguous(text: string, matches: readonly RunKey[]): OrchestratorError {
  const named = matches.slice(0, candidatesMax).map(({ taskId, runId }) => `${taskId}/${runId}`);
  const rest = matches.length > candidatesMax ? ` and ${matches.length - candidatesMax} more` : "";
  return new OrchestratorError(
    "run_ambiguous",
    `"${text}" could mean ${named.join(", ")}${rest}; give more of the id, or task/run`,
  );
}
