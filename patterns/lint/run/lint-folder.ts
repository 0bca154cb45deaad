import { join } from "node:path";
import { readFileIfThere } from "../../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../../orchestrator/schema/errors.ts";
import type { LintFinding, LintReport, LintRequest } from "../../../orchestrator/schema/pattern-workbench.ts";
import { findRoot, type Place } from "../../apply/find-root.ts";
import { languageOf } from "../../engine/parse-source.ts";
import { type LintPattern, shippedLintRules } from "../shipped-lint-rules.ts";
import { askLinter, type LintParts } from "./ask-linter.ts";
import { type FoundLinter, findLinter } from "./find-linter.ts";
import { type LinePlace, readLinePlaces } from "./line-places.ts";
import type { ToldFinding } from "./linter-answer.ts";
import { listSources } from "./list-sources.ts";

const sourceBytesMax = 16_777_216;

/** Runs lint rules over the sources of a folder by an installed linter. Writes nothing into it. Throws as the port says. */
export async function lintFolder(parts: LintParts, request: LintRequest): Promise<LintReport> {
  const { monotonicMs } = parts.clock;
  const startedMs = monotonicMs();
  const rules = chooseRules(request.rules);
  const place = await findRoot(request.folder);
  const { root } = place;
  const linter = await findLinter(root, request.linter);
  const { files, skipped } = await listSources(place, request, monotonicMs);
  refuseWithoutSources(files, place);
  refuseWithoutParser(files, linter);
  const { findings, unread } = await askLinter(parts, request, { root, linter, files, rules });
  const seconds = (monotonicMs() - startedMs) / 1000;
  return {
    outcome: findings.length > 0 ? "found" : unread.length > 0 ? "unclear" : "clean",
    root,
    linter: { name: linter.name, version: linter.version, path: linter.program },
    rules: rules.map(({ id, version, title }) => ({ id, version, title })),
    findings: await placed(root, findings),
    unread: [...unread].sort((left, right) => (left.path < right.path ? -1 : 1)),
    skipped,
    files: files.length,
    seconds,
    files_per_second: seconds > 0 ? Math.round(files.length / seconds) : 0,
  };
}

function chooseRules(ids: readonly string[]): readonly LintPattern[] {
  const all = shippedLintRules();
  const chosen = ids.map((id) => {
    const found = all.find((each) => each.id === id || each.name === id);
    if (found !== undefined) return found;
    const known = all.map((each) => each.id).join(", ");
    throw new OrchestratorError("pattern_not_found", `no lint rule is called ${id}; the library has ${known}`);
  });
  return ids.length === 0 ? all : [...new Set(chosen)];
}

/** A folder without sources is more often a mistake than clean. */
function refuseWithoutSources(files: readonly string[], { root, folder }: Place): void {
  if (files.length > 0) return;
  throw new OrchestratorError(
    "path_refused",
    `${join(root, folder)} holds no JavaScript or TypeScript that could be linted; name a folder with sources`,
  );
}

function refuseWithoutParser(files: readonly string[], { name, parser }: FoundLinter): void {
  if (name === "oxlint" || parser !== null || files.every((path) => languageOf(path) === "javascript")) return;
  throw new OrchestratorError(
    "linter_unavailable",
    "ESLint reads TypeScript by @typescript-eslint/parser, which is not installed; install it, or oxlint, which needs none: npm install --save-dev oxlint",
  );
}

/** The findings in the order of their places, each by line and column. */
async function placed(root: string, told: readonly ToldFinding[]): Promise<readonly LintFinding[]> {
  const byPath = new Map<string, ToldFinding[]>();
  for (const finding of told) {
    const known = byPath.get(finding.path);
    if (known === undefined) byPath.set(finding.path, [finding]);
    else known.push(finding);
  }
  const findings: LintFinding[] = [];
  for (const path of [...byPath.keys()].sort()) {
    const bytes = await readFileIfThere(join(root, path), sourceBytesMax);
    const placeOf = readLinePlaces(bytes ?? Buffer.alloc(0));
    const inFile = (byPath.get(path) ?? []).map((finding) => findingOf(finding, placeOf));
    for (const finding of inFile.sort(byPlace)) findings.push(finding);
  }
  return findings;
}

function findingOf({ rule, path, message, place }: ToldFinding, placeOf: (byte: number) => LinePlace): LintFinding {
  const [start, end] =
    "byte" in place
      ? [placeOf(place.byte), placeOf(place.endByte)]
      : [place, { line: place.endLine, column: place.endColumn }];
  const { line, column } = start;
  return { rule: `lint/${rule}`, path, line, column, end_line: end.line, end_column: end.column, message };
}

function byPlace(left: LintFinding, right: LintFinding): number {
  return left.line - right.line || left.column - right.column || (left.rule < right.rule ? -1 : 1);
}
