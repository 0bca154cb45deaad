import { countAdoption, type PatternAdoption, type RunWithPatterns } from "../schema/pattern-use.ts";
import type { RunStore } from "../schema/run-store.ts";

const pageRows = 200;

/** How often the newest runs of a store used each pattern. */
export interface RunAdoption {
  readonly byPattern: ReadonlyMap<string, PatternAdoption>;
  readonly runs: number;
  /** True where older runs were not looked at. */
  readonly more: boolean;
}

/** Counts over the manifests of at most `runsMax` runs, newest first, a page at a time; no log is read. A damaged run counts for nothing. */
export async function readRunAdoption({ list }: Pick<RunStore, "list">, runsMax: number): Promise<RunAdoption> {
  const found: RunWithPatterns[] = [];
  let runs = 0;
  let cursor: string | null = null;
  do {
    const limit = Math.min(pageRows, runsMax - runs);
    const page: Awaited<ReturnType<RunStore["list"]>> = await list({ limit, ...(cursor === null ? {} : { cursor }) });
    found.push(...page.rows.flatMap((row) => (row.damaged ? [] : [{ status: row.status, patterns: row.patterns }])));
    runs += page.rows.length;
    cursor = page.cursor;
  } while (cursor !== null && runs < runsMax);
  return { byPattern: countAdoption(found), runs, more: cursor !== null };
}
