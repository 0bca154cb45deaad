import { basename, dirname, resolve, sep } from "node:path";
import { OrchestratorError } from "../schema/errors.ts";
import type { RunKey } from "../schema/run-store.ts";
import type { RunArchive } from "./run-archive.ts";

const candidatesMax = 10;

/** The runs that `latest` looks at in one go. */
const pageRows = 8;

/**
 * Finds the run that a person means: its whole id, the beginning of only one, `latest`, or the path of its folder. `latest` is the newest
 * run that is not damaged; `note` is told of each one that is passed over. Throws `run_not_found`, or `run_ambiguous` with the candidates.
 */
export async function resolveRun(
  store: Pick<RunArchive, "keys" | "list">,
  text: string,
  note: (message: string) => void = () => {},
): Promise<RunKey> {
  if (text === "latest") return findLatest(store, note);
  const keys = await store.keys();
  const matches = findMatches(keys, text);
  const [first] = matches;
  if (first === undefined)
    throw notFound(text, keys.length === 0 ? noRuns : `none of the ${keys.length} runs here has it`);
  if (matches.length > 1) throw ambiguous(text, matches);
  return first;
}

/** What is damaged is passed over: a folder of something else, or what a runner left that was killed before its first event. */
async function findLatest({ list }: Pick<RunArchive, "list">, note: (message: string) => void): Promise<RunKey> {
  let page = await list({ limit: pageRows });
  for (let passed = 0; ; passed += page.rows.length) {
    for (const row of page.rows) {
      if (!row.damaged) return row.key;
      note(`latest passes over ${row.key.taskId}/${row.key.runId}, which is damaged: ${row.reason}`);
    }
    if (page.cursor === null) {
      const count = passed + page.rows.length;
      throw notFound("latest", count === 0 ? noRuns : `all ${count} here are damaged; runs list says why`);
    }
    page = await list({ limit: pageRows, cursor: page.cursor });
  }
}

const noRuns = "there are no runs here yet";

function findMatches(keys: readonly RunKey[], text: string): readonly RunKey[] {
  if (text.includes("/") || text.includes(sep)) return keys.filter((key) => isPathOf(key, text));
  const exact = keys.filter(({ runId }) => runId === text);
  return exact.length > 0 || text === "" ? exact : keys.filter(({ runId }) => runId.startsWith(text));
}

function isPathOf({ taskId, runId }: RunKey, path: string): boolean {
  const full = resolve(path);
  return basename(full) === runId && basename(dirname(full)) === taskId;
}

function notFound(text: string, what: string): OrchestratorError {
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
