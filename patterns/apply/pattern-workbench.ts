import type { Clock } from "../../orchestrator/io/clock.ts";
import type { Disk } from "../../orchestrator/io/disk.ts";
import { exists } from "../../orchestrator/io/files.ts";
import { takeFolderLock } from "../../orchestrator/io/folder-lock.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type {
  Application,
  ApplyOutcome,
  ApplyReport,
  ApplyRequest,
  FixtureResult,
  LintReport,
  LintRequest,
  PatternWorkbench,
  UndoReport,
} from "../../orchestrator/schema/pattern-workbench.ts";
import type { CrossFileCodemod } from "../cross-file/cross-file-codemod.ts";
import { shippedCrossFile } from "../cross-file/shipped-cross-file.ts";
import type { Codemod } from "../engine/codemod.ts";
import { languageOf } from "../engine/parse-source.ts";
import type { LintParts } from "../lint/run/ask-linter.ts";
import { lintFolder } from "../lint/run/lint-folder.ts";
import { showLintRule } from "../lint/run/show-lint-rule.ts";
import { testLintRules } from "../lint/run/test-lint-rule.ts";
import { findLintRule, lintSummaryOf, shippedLintRules } from "../lint/shipped-lint-rules.ts";
import { shippedCodemods, summaryOf } from "../pattern-library.ts";
import { applyChange, type ChangeOutcome } from "./apply-change.ts";
import { ensureJournals, journalsFolder } from "./change-journal.ts";
import { chooseCodemods } from "./choose-codemods.ts";
import { findRoot, type Place } from "./find-root.ts";
import { patchOf } from "./format-patch.ts";
import { findFixtures, readFixtures } from "./pattern-fixtures.ts";
import { checkSettings } from "./pattern-settings.ts";
import { readProjectFixtures, testProject } from "./project-fixtures.ts";
import { type FolderScan, scanFolder } from "./scan-folder.ts";
import { scanProject } from "./scan-project.ts";
import { showPattern } from "./show-pattern.ts";
import { testFixture } from "./test-pattern.ts";
import { isCandidate } from "./transform-file.ts";
import { createTransformer } from "./transformer.ts";
import { findJournal, recoverChanges, undoChange, unfinishedChanges } from "./undo-change.ts";
import { walkFolder } from "./walk-folder.ts";
import { createWorkerPool } from "./worker-pool.ts";

/** What a workbench is made from. */
export interface WorkbenchParts {
  readonly clock: Clock;
  /** The module that threads run; null for none. */
  readonly workerModule: URL | null;
  readonly threads: number;
  /** What linters are run with; without it nothing is linted. */
  readonly lint?: Omit<LintParts, "clock">;
  readonly disk?: Disk;
  /** Default: what was measured to be worth a thread. */
  readonly poolCharactersMin?: number;
}

/** The patterns of this package at work on folders. */
export function createPatternWorkbench(parts: WorkbenchParts): PatternWorkbench {
  return {
    list: () => [
      ...[...shippedCodemods(), ...shippedCrossFile()].map(summaryOf),
      ...shippedLintRules().map(lintSummaryOf),
    ],
    apply: (request) => apply(parts, request),
    undo: (journal, folder) => undo(parts, journal, folder),
    show: async (id) => {
      const rule = findLintRule(id);
      return rule === null ? showPattern(findCrossFile([id]) ?? findPattern(id)) : showLintRule(rule);
    },
    lint: (request) => lint(parts, request),
    test: testPatterns,
  };
}

async function lint({ lint: given, clock }: WorkbenchParts, request: LintRequest): Promise<LintReport> {
  if (given !== undefined) return lintFolder({ ...given, clock }, request);
  throw new OrchestratorError("linter_unavailable", "this workbench was made without a linter");
}

async function testPatterns(id: string | null): Promise<readonly FixtureResult[]> {
  const folder = await findFixtures();
  const rule = id === null ? null : findLintRule(id);
  if (rule !== null) return testLintRules(folder, [rule]);
  const crossFile = id === null ? shippedCrossFile() : [findCrossFile([id]) ?? []].flat();
  const codemods = id === null ? shippedCodemods() : crossFile.length > 0 ? [] : [findPattern(id)];
  const results: FixtureResult[] = [];
  for (const codemod of codemods) {
    for (const fixture of await readFixtures(folder, codemod.id)) results.push(testFixture(codemod, fixture));
  }
  for (const codemod of crossFile) {
    for (const fixture of await readProjectFixtures(folder, codemod.id))
      results.push(await testProject(codemod, fixture));
  }
  return id === null ? [...results, ...(await testLintRules(folder, shippedLintRules()))] : results;
}

/** The cross-file codemod that is named, or null where none is. Throws `usage` where it is named among others. */
function findCrossFile(ids: readonly string[]): CrossFileCodemod | null {
  const found = shippedCrossFile().find(({ id }) => ids.includes(id)) ?? null;
  if (found === null || ids.length === 1) return found;
  throw new OrchestratorError("usage", `${found.id} works on many files at once: apply it alone`);
}

function findPattern(id: string): Codemod {
  const [codemod] = chooseCodemods(shippedCodemods(), [id]);
  if (codemod === undefined) throw new OrchestratorError("pattern_not_found", `no pattern is called ${id}`);
  return codemod;
}

async function apply(parts: WorkbenchParts, request: ApplyRequest): Promise<Application> {
  const crossFile = findCrossFile(request.patterns);
  const patterns =
    crossFile === null ? chooseCodemods(shippedCodemods(request.settings), request.patterns) : [crossFile];
  checkSettings(patterns, request.settings);
  const place = await findRoot(request.folder);
  if (request.dryRun) return preview(parts, request, place);
  const { root } = place;
  const recovered = (await exists(journalsFolder(root)))
    ? await withLock(root, () => recoverChanges(root, parts.disk))
    : [];
  const scanned = await scan(parts, request, place);
  if (scanned.planned.length === 0) return describe(scanned, request, place, { change: null, recovered });
  // Whatever happened to the files since they were read is told by their hashes.
  return withLock(root, async () => {
    const again = await recoverChanges(root, parts.disk);
    const change = await make(parts, request, place, scanned);
    return describe(scanned, request, place, { change, recovered: [...recovered, ...again] });
  });
}

/** Writes nothing, so what a killed application left must be put back first, by someone who may write. */
async function preview(parts: WorkbenchParts, request: ApplyRequest, place: Place): Promise<Application> {
  const [unfinished] = await unfinishedChanges(place.root);
  if (unfinished !== undefined) {
    const advice = `patterns undo ${unfinished} puts it back`;
    throw new OrchestratorError(
      "change_unfinished",
      `a change in ${place.root} was cut off in the middle, or is under way; ${advice}`,
    );
  }
  return describe(await scan(parts, request, place), request, place, { change: null, recovered: [] });
}

async function undo({ disk }: WorkbenchParts, named: string, folder: string): Promise<UndoReport> {
  const { root } = await findRoot(folder);
  if (!(await exists(journalsFolder(root)))) await findJournal(root, named);
  return withLock(root, async () => {
    const recovered = await recoverChanges(root, disk);
    const cutOff = recovered.find((id) => id.startsWith(named));
    if (cutOff !== undefined) return { outcome: "undone", root, journal: cutOff, restored: [], conflicts: [] };
    return undoChange(root, await findJournal(root, named), disk);
  });
}

async function withLock<T>(root: string, work: () => Promise<T>): Promise<T> {
  const answer = await takeFolderLock(await ensureJournals(root));
  if (!answer.ok) {
    throw new OrchestratorError(
      "folder_held",
      `${answer.holder} works on ${root}; wait for it, or remove ${answer.file} where nobody does any more`,
    );
  }
  try {
    return await work();
  } finally {
    await answer.lock.release();
  }
}

interface Scanned extends FolderScan {
  readonly files: number;
  readonly seconds: number;
}

async function scan(parts: WorkbenchParts, request: ApplyRequest, place: Place): Promise<Scanned> {
  const codemod = findCrossFile(request.patterns);
  if (codemod === null) return scanFiles(parts, request, place);
  const startedMs = parts.clock.monotonicMs();
  const { settings, signal, onProgress } = request;
  const found = await scanProject({ place, codemod, settings, signal, onProgress });
  return { ...found, seconds: (parts.clock.monotonicMs() - startedMs) / 1000 };
}

async function scanFiles(parts: WorkbenchParts, request: ApplyRequest, { root, folder }: Place): Promise<Scanned> {
  const { signal, onProgress, settings, patterns: ids } = request;
  const { monotonicMs } = parts.clock;
  const startedMs = monotonicMs();
  const codemods = chooseCodemods(shippedCodemods(settings), ids);
  const isWanted = (name: string) =>
    codemods.some(({ languages }) => languages.some((each) => each === languageOf(name)));
  const { files, skipped } = await walkFolder({ root, folder, isWanted, signal });
  const module = parts.threads > 0 ? parts.workerModule : null;
  const transformer = createTransformer({
    codemods,
    startPool:
      module === null
        ? null
        : () => createWorkerPool({ module, recipe: { ids, settings }, threads: parts.threads, signal }),
    monotonicMs,
    signal,
    poolCharactersMin: parts.poolCharactersMin,
  });
  try {
    const found = await scanFolder({
      root,
      files,
      isCandidate: (path, text) => isCandidate(codemods, path, text),
      transformer,
      monotonicMs,
      signal,
      onProgress,
    });
    const seconds = (monotonicMs() - startedMs) / 1000;
    return { ...found, skipped: [...skipped, ...found.skipped], files: files.length, seconds };
  } finally {
    await transformer.close();
  }
}

function make(
  parts: WorkbenchParts,
  request: ApplyRequest,
  { root }: Place,
  { planned }: Scanned,
): Promise<ChangeOutcome> {
  const { check, signal, onProgress } = request;
  return applyChange({
    root,
    patterns: versionsOf(request),
    planned,
    clock: parts.clock,
    disk: parts.disk,
    ...(check === undefined ? {} : { check }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

function versionsOf({ settings, patterns }: ApplyRequest): ApplyReport["patterns"][number][] {
  const crossFile = findCrossFile(patterns);
  const chosen = crossFile === null ? chooseCodemods(shippedCodemods(settings), patterns) : [crossFile];
  return chosen.map(({ id, version }) => ({ id, version }));
}

/** Of a cross-file codemod that changes nothing because something keeps it, the answer is no. */
function outcomeWithoutChange({ patterns, dryRun }: ApplyRequest, { planned, skipped }: Scanned): ApplyOutcome {
  const isRefused = planned.length === 0 && skipped.some(({ pattern }) => pattern !== undefined);
  if (isRefused && findCrossFile(patterns) !== null) return "refused";
  return dryRun ? "previewed" : "unchanged";
}

interface Done {
  readonly change: ChangeOutcome | null;
  readonly recovered: readonly string[];
}

function describe(scanned: Scanned, request: ApplyRequest, { root }: Place, { change, recovered }: Done): Application {
  const { planned, skipped, files, candidates, seconds, workers } = scanned;
  const report: ApplyReport = {
    outcome: change?.outcome ?? outcomeWithoutChange(request, scanned),
    root,
    patterns: versionsOf(request),
    changed: planned.map(({ path, edits, beforeSha256, after }) => ({
      path,
      before_sha256: beforeSha256,
      after_sha256: sha256(after),
      edits,
    })),
    skipped,
    files,
    candidates,
    journal: change?.outcome === "applied" ? change.journal : null,
    recovered,
    conflicts: change?.outcome === "refused" ? change.conflicts : [],
    check: change === null || change.outcome === "refused" ? null : change.check,
    kept: change?.outcome === "rolled_back" ? change.kept : [],
    seconds,
    files_per_second: seconds > 0 ? Math.round(files / seconds) : 0,
    workers,
  };
  const patch = () =>
    patchOf(planned.map(({ path, bytes, after }) => ({ path, before: bytes.toString("utf8"), after })));
  return { report, patch };
}
