import type {
  PackageFacts,
  PatternEdit,
  PatternFileResult,
  PatternFinding,
} from "../../orchestrator/schema/pattern-port.ts";
import type { Codemod, Refusal, Rewrite, Scan } from "./codemod.ts";
import { whyLeftOut } from "./left-out.ts";
import { languageOf, lineAt, parseSource, whyUnparsable } from "./parse-source.ts";
import { applySplices, findConflict, findJoined, inTextOrder } from "./splices.ts";

/** True where the file has a language of the codemod and its text passes the prefilter. Parses nothing. */
export function isCandidateFor(codemod: Codemod, path: string, text: string): boolean {
  return speaks(codemod, path) && codemod.prefilter(text);
}

/**
 * What a codemod makes of one text. `changed` is given only for a result that parses and in which the codemod finds nothing more
 * to do; a byte order mark, line ends and all that lies outside the edits are as before. Never throws for a bad text.
 */
export function transformText(
  codemod: Codemod,
  path: string,
  text: string,
  facts: PackageFacts = noPackage,
): PatternFileResult {
  return transform(codemod, path, text, facts).result;
}

const noPackage: PackageFacts = { packageJson: null };

/** What `transformText` would change, by line. Empty for a text that it leaves as it is, or skips. */
export function checkText(
  codemod: Codemod,
  path: string,
  text: string,
  facts: PackageFacts = noPackage,
): readonly PatternFinding[] {
  const { result, rewrites } = transform(codemod, path, text, facts);
  if (result.status !== "changed") return [];
  const source = splitMark(text).body;
  return rewrites.map(({ at, reason }) => ({ pattern: codemod.id, path, line: lineAt(source, at), message: reason }));
}

interface Outcome {
  readonly result: PatternFileResult;
  readonly rewrites: readonly Rewrite[];
}

function transform(codemod: Codemod, path: string, text: string, facts: PackageFacts): Outcome {
  const skipped = (reason: string): Outcome => ({ result: { path, status: "skipped", reason }, rewrites: [] });
  const unchanged: Outcome = { result: { path, status: "unchanged" }, rewrites: [] };
  if (!speaks(codemod, path)) return skipped(`not a file of ${codemod.languages.join(" or ")}`);
  if (!codemod.prefilter(text)) return unchanged;
  const leftOut = whyLeftOut(path, text) ?? whyUnmet(codemod, path, facts);
  if (leftOut !== null) return skipped(leftOut);

  const { mark, body } = splitMark(text);
  const first = scanText(codemod, path, body);
  if (typeof first === "string") return skipped(first);
  if (first.rewrites.length === 0) {
    return first.refusals.length === 0 ? unchanged : skipped(describeRefusals(body, first.refusals));
  }
  const edits = inTextOrder(first.rewrites.flatMap(editsOf));
  const conflict = findConflict(edits, body.length);
  if (conflict !== null) return skipped(`overlapping edits at line ${lineAt(body, conflict.start)}`);
  const joined = findJoined(body, edits);
  if (joined !== null)
    return skipped(`an edit would run into the word beside it at line ${lineAt(body, joined.start)}`);
  const after = applySplices(body, edits);
  const doubt = doubtAbout(codemod, path, after);
  if (doubt !== null) return skipped(doubt);
  return { result: { path, status: "changed", before: text, after: mark + after, edits }, rewrites: first.rewrites };
}

function whyUnmet({ preconditions = [] }: Codemod, path: string, facts: PackageFacts): string | null {
  for (const precondition of preconditions) {
    const reason = precondition(facts, path);
    if (reason !== null) return reason;
  }
  return null;
}

function speaks(codemod: Codemod, path: string): boolean {
  const language = languageOf(path);
  return language !== null && codemod.languages.includes(language);
}

const noScan: Scan = { rewrites: [], refusals: [] };

function splitMark(text: string): { readonly mark: string; readonly body: string } {
  return text.startsWith("\uFEFF") ? { mark: "\uFEFF", body: text.slice(1) } : { mark: "", body: text };
}

function scanText(codemod: Codemod, path: string, body: string): Scan | string {
  const parsed = parseSource(path, body);
  return parsed.ok ? codemod.scan(parsed.source) : parsed.reason;
}

/** Why the result of a codemod cannot be trusted, or null where it can. A text that is no candidate would not change again. */
function doubtAbout(codemod: Codemod, path: string, after: string): string | null {
  if (/\p{Surrogate}/u.test(after)) return "the result is no Unicode text";
  const second = codemod.prefilter(after) ? scanText(codemod, path, after) : (whyUnparsable(path, after) ?? noScan);
  if (typeof second === "string") return `the result cannot be parsed: ${second}`;
  const again = second.rewrites[0];
  return again === undefined ? null : `not idempotent: line ${lineAt(after, again.at)} would change again`;
}

function editsOf(rewrite: Rewrite): readonly PatternEdit[] {
  return rewrite.splices.map((splice) => ({ ...splice, reason: rewrite.reason }));
}

function describeRefusals(body: string, refusals: readonly Refusal[]): string {
  const [first] = [...refusals].sort((left, right) => left.at - right.at);
  if (first === undefined) return "";
  const others = refusals.length === 1 ? "" : `, and ${refusals.length - 1} more`;
  return `${first.reason} (line ${lineAt(body, first.at)}${others})`;
}
