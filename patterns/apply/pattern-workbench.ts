import type { Clock } from "../../orchestrator/io/clock.ts";
import type { Disk } from "../../orchestrator/io/disk.ts";
import { exists } from "../../orchestrator/io/files.ts";
import { takeFolderLock } from "../../orchestrator/io/folder-lock.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { isOrchestratorError, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { PatternUse } from "../../orchestrator/schema/pattern-use.ts";
import type {
  Application,
  ApplyOutcome,
  ApplyReport,
  ApplyRequest,
  FixtureResult,
  LintReport,
  LintRequest,
  PatternCatalog,
  PatternWorkbench,
  UndoReport,
} from "../../orchestrator/schema/pattern-workbench.ts";
import type { CrossFileCodemod } from "../cross-file/cross-file-codemod.ts";
import { shippedCrossFile } from "../cross-file/shipped-cross-file.ts";
import type { Codemod } from "../engine/codemod.ts";
import { languageOf } from "../engine/parse-source.ts";
import { type LibraryShelf, openLibraries } from "../libraries/open-libraries.ts";
import type { LintParts } from "../lint/run/ask-linter.ts";
import { lintFolder } from "../lint/run/lint-folder.ts";
import { loadEslint, type RuleRunner } from "../lint/run/load-eslint.ts";
import { showLintRule } from "../lint/run/show-lint-rule.ts";
import { testLintRules } from "../lint/run/test-lint-rule.ts";
import { findLintRule, lintSummaryOf, shippedLintRules } from "../lint/shipped-lint-rules.ts";
import { shippedCodemods, summaryOf, useOf } from "../pattern-library.ts";
import { applyChange, type ChangeOutcome } from "./apply-change.ts";
import { ensureJournals, journalsFolder } from "./change-journal.ts";
import { type ChosenCodemod, type ChosenPatterns, choosePatterns } from "./choose-patterns.ts";
import { findRoot, type Place } from "./find-root.ts";
import { findFixtures } from "./find-shipped.ts";
import { patchOf } from "./format-patch.ts";
import { fixturesOf } from "./pattern-fixtures.ts";
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
  /** The libraries that the repository in a root pins; default none. */
  readonly libraries?: (root: string) => Promise<LibraryShelf>;
  /** What linters are run with; without it nothing is linted. */
  readonly lint?: Omit<LintParts, "clock">;
  /** What the fixtures of lint rules are run by. Default: ESLint beside this package. */
  readonly loadRunner?: () => Promise<RuleRunner>;
  readonly disk?: Disk;
  /** Default: what was measured to be worth a thread. */
  readonly poolCharactersMin?: number;
}

/** The patterns of this package, and of the libraries that a repository pins, at work on folders. */
export function createPatternWorkbench(parts: WorkbenchParts): PatternWorkbench {
  const shelfAt = async (folder: string) => openShelf(parts, (await findRoot(folder)).root);
  return {
    list: async (folder) => listPatterns(await shelfAt(folder)),
    apply: (request) => apply(parts, request),
    undo: (journal, folder) => undo(parts, journal, folder),
    show: async (id, folder) => {
      const rule = findLintRule(id);
      return rule === null ? showPattern(await choosePatterns([id], {}, () => shelfAt(folder))) : showLintRule(rule);
    },
    lint: (request) => lint(parts, request),
    test: (id, folder) => testAll(parts, id, () => shelfAt(folder)),
  };
}

async function lint({ lint: given, clock }: WorkbenchParts, request: LintRequest): Promise<LintReport> {
  if (given !== undefined) return lintFolder({ ...given, clock }, request);
  throw new OrchestratorError("linter_unavailable", "this workbench was made without a linter");
}

async function testAll(
  { loadRunner = loadEslint }: WorkbenchParts,
  id: string | null,
  openShelfHere: () => Promise<LibraryShelf>,
): Promise<readonly FixtureResult[]> {
  const rule = id === null ? null : findLintRule(id);
  if (rule !== null) return testLintRules(await findFixtures(), [rule], await loadRunner());
  const results = await testPatterns(await chooseTested(id, openShelfHere));
  return id === null ? [...results, ...(await testEachRule(loadRunner))] : results;
}

/** All rules; where nothing is installed that could run them, one result for each says so. */
async function testEachRule(loadRunner: () => Promise<RuleRunner>): Promise<readonly FixtureResult[]> {
  let runner: RuleRunner;
  try {
    runner = await loadRunner();
  } catch (error) {
    if (!isOrchestratorError(error, "linter_unavailable")) throw error;
    const untested = { fixture: "fixtures", problems: [], mutants: 0, noticed: 0, untested: error.message };
    return shippedLintRules().map(({ id }) => ({ pattern: id, ...untested }));
  }
  return testLintRules(await findFixtures(), shippedLintRules(), runner);
}

async function openShelf({ libraries }: WorkbenchParts, root: string): Promise<LibraryShelf> {
  return libraries?.(root) ?? openLibraries({ root, pins: [], cacheDir: root, engineModule: null });
}

async function listPatterns(shelf: LibraryShelf): Promise<PatternCatalog> {
  const patterns = [
    ...[...shippedCodemods(), ...shippedCrossFile()].map(summaryOf),
    ...shippedLintRules().map(lintSummaryOf),
  ];
  const libraries: PatternCatalog["libraries"][number][] = [];
  for (const pin of shelf.pins) {
    const loaded = await shelf.load(pin.name).catch(refusalOf);
    libraries.push({ ...pin, problem: typeof loaded === "string" ? loaded : null });
    if (typeof loaded !== "string") patterns.push(...loaded.codemods.map(summaryOf));
  }
  return { patterns, libraries };
}

function refusalOf(error: unknown): string {
  if (isOrchestratorError(error, "library_refused")) return error.message;
  throw error;
}

async function chooseTested(id: string | null, openShelfHere: () => Promise<LibraryShelf>): Promise<ChosenPatterns[]> {
  if (id !== null) return [await choosePatterns([id], {}, openShelfHere)];
  const shelf = await openShelfHere();
  const chosen: ChosenCodemod[] = shippedCodemods().map((codemod) => ({ codemod, library: null }));
  for (const { name } of shelf.pins) {
    const { codemods, placed } = await shelf.load(name);
    chosen.push(...codemods.map((codemod) => ({ codemod, library: placed })));
  }
  return [{ crossFile: null, chosen }, ...shippedCrossFile().map((crossFile) => ({ crossFile }))];
}

async function testPatterns(all: readonly ChosenPatterns[]): Promise<readonly FixtureResult[]> {
  const results: FixtureResult[] = [];
  for (const patterns of all) {
    if (patterns.crossFile !== null) {
      const { crossFile } = patterns;
      for (const fixture of await readProjectFixtures(await findFixtures(), crossFile.id))
        results.push(await testProject(crossFile, fixture));
    } else for (const each of patterns.chosen) results.push(...(await testCodemod(each)));
  }
  return results;
}

async function testCodemod(chosen: ChosenCodemod): Promise<readonly FixtureResult[]> {
  const fixtures = await fixturesOf(chosen);
  const pattern = chosen.codemod.id;
  if (fixtures.length === 0 && chosen.library !== null)
    return [{ pattern, fixture: "fixtures", problems: ["it has no fixtures"], mutants: 0, noticed: 0 }];
  return fixtures.map((fixture) => testFixture(chosen.codemod, fixture));
}

/** A request with what it names. */
interface Job extends ApplyRequest {
  readonly place: Place;
  readonly named: ChosenPatterns;
}

async function apply(parts: WorkbenchParts, request: ApplyRequest): Promise<Application> {
  const place = await findRoot(request.folder);
  const named = await choosePatterns(request.patterns, request.settings, () => openShelf(parts, place.root));
  checkSettings(membersOf(named), request.settings);
  return applyJob(parts, { ...request, place, named });
}

function membersOf(named: ChosenPatterns): readonly (Codemod | CrossFileCodemod)[] {
  return named.crossFile !== null ? [named.crossFile] : named.chosen.map(({ codemod }) => codemod);
}

async function applyJob(parts: WorkbenchParts, request: Job): Promise<Application> {
  const { place } = request;
  if (request.dryRun) return preview(parts, request);
  const { root } = place;
  const recovered = (await exists(journalsFolder(root))) ? await withLock(root, () => recover(root, parts.disk)) : [];
  const scanned = await scan(parts, request);
  if (scanned.planned.length === 0) return describe(scanned, request, { change: null, recovered });
  // Whatever happened to the files since they were read is told by their hashes.
  return withLock(root, async () => {
    const again = await recover(root, parts.disk);
    const change = await make(parts, request, scanned);
    return describe(scanned, request, { change, recovered: [...recovered, ...again] });
  });
}

async function recover(root: string, disk: Disk | undefined): Promise<readonly string[]> {
  return (await recoverChanges(root, disk)).map(({ id }) => id);
}

/** Writes nothing, so what a killed application left must be put back first, by someone who may write. */
async function preview(parts: WorkbenchParts, request: Job): Promise<Application> {
  const { place } = request;
  const [unfinished] = await unfinishedChanges(place.root);
  if (unfinished !== undefined) {
    const advice = `patterns undo ${unfinished} puts it back`;
    throw new OrchestratorError(
      "change_unfinished",
      `a change in ${place.root} was cut off in the middle, or is under way; ${advice}`,
    );
  }
  return describe(await scan(parts, request), request, { change: null, recovered: [] });
}

async function undo({ disk }: WorkbenchParts, named: string, folder: string): Promise<UndoReport> {
  const { root } = await findRoot(folder);
  if (!(await exists(journalsFolder(root)))) await findJournal(root, named);
  return withLock(root, async () => {
    const recovered = await recoverChanges(root, disk);
    const cutOff = named === "latest" ? recovered[0] : recovered.find(({ id }) => id.startsWith(named));
    if (cutOff !== undefined) {
      return { outcome: "undone", root, journal: cutOff.id, restored: cutOff.restored, conflicts: [] };
    }
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

async function scan(parts: WorkbenchParts, request: Job): Promise<Scanned> {
  const { named } = request;
  if (named.crossFile === null) return scanFiles(parts, request, named.chosen);
  const startedMs = parts.clock.monotonicMs();
  const { settings, signal, onProgress, place } = request;
  const found = await scanProject({ place, codemod: named.crossFile, settings, signal, onProgress });
  return { ...found, seconds: (parts.clock.monotonicMs() - startedMs) / 1000 };
}

async function scanFiles(parts: WorkbenchParts, request: Job, chosen: readonly ChosenCodemod[]): Promise<Scanned> {
  const { signal, onProgress, settings, patterns: ids } = request;
  const { root, folder } = request.place;
  const { monotonicMs } = parts.clock;
  const startedMs = monotonicMs();
  const codemods = chosen.map(({ codemod }) => codemod);
  const libraries = [...new Set(chosen.flatMap(({ library }) => library ?? []))];
  const isWanted = (name: string) =>
    codemods.some(({ languages }) => languages.some((each) => each === languageOf(name)));
  const { files, skipped } = await walkFolder({ root, folder, isWanted, signal });
  const module = parts.threads > 0 ? parts.workerModule : null;
  const transformer = createTransformer({
    codemods,
    startPool:
      module === null
        ? null
        : () => createWorkerPool({ module, recipe: { ids, libraries, settings }, threads: parts.threads, signal }),
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

function make(parts: WorkbenchParts, request: Job, { planned }: Scanned): Promise<ChangeOutcome> {
  const { check, signal, onProgress, place, named } = request;
  return applyChange({
    root: place.root,
    patterns: membersOf(named).map(({ id, version }) => ({ id, version })),
    planned,
    clock: parts.clock,
    disk: parts.disk,
    ...(check === undefined ? {} : { check }),
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
}

function usesOf(named: ChosenPatterns): readonly PatternUse[] {
  if (named.crossFile !== null) return [useOf(named.crossFile, null)];
  return named.chosen.map(({ codemod, library }) => useOf(codemod, library));
}

/** Of a cross-file codemod that changes nothing because something keeps it, the answer is no. */
function outcomeWithoutChange({ named, dryRun }: Job, { planned, skipped }: Scanned): ApplyOutcome {
  const isRefused = planned.length === 0 && skipped.some(({ pattern }) => pattern !== undefined);
  if (isRefused && named.crossFile !== null) return "refused";
  return dryRun ? "previewed" : "unchanged";
}

interface Done {
  readonly change: ChangeOutcome | null;
  readonly recovered: readonly string[];
}

function describe(scanned: Scanned, request: Job, { change, recovered }: Done): Application {
  const { planned, skipped, files, candidates, seconds, workers } = scanned;
  const report: ApplyReport = {
    outcome: change?.outcome ?? outcomeWithoutChange(request, scanned),
    root: request.place.root,
    patterns: usesOf(request.named),
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
