import type { GuardEvidence } from "../../gates/guard/guard-evidence.ts";
import { type GuardRange, type RangeRequest, resolveRange } from "./guard-range.ts";
import { openGuardViews } from "./guard-view.ts";
import type { ReadGuard, ReadRequest } from "./read-guard-evidence.ts";

/** What the guard is asked to look at. */
export interface GuardRequest extends RangeRequest, ReadRequest {}

/** The evidence, and what it was taken from. */
export interface CollectedGuard extends ReadGuard {
  readonly range: Pick<GuardRange, "base" | "head">;
  /** What commits of the index would bring, where that is something else. */
  readonly staged: readonly GuardEvidence[];
}

/** Gathers all that the guard decides from. Throws rather than leave something out: what cannot be read is never clean. */
export async function collectGuardEvidence(request: GuardRequest): Promise<CollectedGuard> {
  const range = await resolveRange(request);
  try {
    // The parsers take as long to load as git takes to answer.
    const [[view, ...indexes], { readGuardEvidence }] = await Promise.all([
      openGuardViews(range, request),
      import("./read-guard-evidence.ts"),
    ]);
    const staged: GuardEvidence[] = [];
    for (const index of indexes) staged.push((await readGuardEvidence(request, range, index)).evidence);
    return { ...(await readGuardEvidence(request, range, view)), staged, range };
  } finally {
    range.reader.close();
  }
}
