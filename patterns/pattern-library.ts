import { messageOf, OrchestratorError } from "../orchestrator/schema/errors.ts";
import type { PatternSummary } from "../orchestrator/schema/handoff.ts";
import type { PatternLibrary } from "../orchestrator/schema/pattern-port.ts";
import type { PatternUse } from "../orchestrator/schema/pattern-use.ts";
import { assertStrict } from "./codemods/assert-strict.ts";
import { bufferConstructor } from "./codemods/buffer-constructor.ts";
import { fsDeprecations } from "./codemods/fs-deprecations.ts";
import { fsPromises } from "./codemods/fs-promises.ts";
import { nodeProtocol } from "./codemods/node-protocol.ts";
import { objectSpread } from "./codemods/object-spread.ts";
import { optionalChaining } from "./codemods/optional-chaining.ts";
import { createPreferLoggerOverConsole, type LoggerOptions } from "./codemods/prefer-logger-over-console.ts";
import { processBindingRemoval } from "./codemods/process-binding-removal.ts";
import { promiseAllSettled } from "./codemods/promise-all-settled.ts";
import { requireToImport } from "./codemods/require-to-import.ts";
import { structuredEventEmit } from "./codemods/structured-event-emit.ts";
import { testRunnerMochaToVitest } from "./codemods/test-runner-mocha-to-vitest.ts";
import { tlsDeprecations } from "./codemods/tls-deprecations.ts";
import { urlParseToWhatwg } from "./codemods/url-parse-to-whatwg.ts";
import { utilDeprecations } from "./codemods/util-deprecations.ts";
import { zod3To4 } from "./codemods/zod-3-to-4.ts";
import type { Codemod } from "./engine/codemod.ts";
import { checkText, isCandidateFor, transformText } from "./engine/run-codemod.ts";
import { matchGoal } from "./match-goal.ts";
import { sourceHashes } from "./source-hashes.ts";

/** What a team can set for the patterns of the library. */
export type PatternLibraryOptions = LoggerOptions;

/** The codemods of this package, in the order of their ids. */
export function shippedCodemods(options: PatternLibraryOptions = {}): readonly Codemod[] {
  return [
    assertStrict,
    bufferConstructor,
    fsDeprecations,
    fsPromises,
    nodeProtocol,
    objectSpread,
    optionalChaining,
    createPreferLoggerOverConsole(options),
    processBindingRemoval,
    promiseAllSettled,
    requireToImport,
    structuredEventEmit,
    testRunnerMochaToVitest,
    tlsDeprecations,
    urlParseToWhatwg,
    utilDeprecations,
    zod3To4,
  ];
}

/** The patterns of this package behind the port of the workflow. Texts in, texts out; nothing is read or written. */
export function createPatternLibrary(options: PatternLibraryOptions = {}): PatternLibrary {
  return libraryOf(shippedCodemods(options).map((codemod) => ({ codemod, library: null })));
}

/** A codemod with the library that it comes from; null for this package. */
export interface CodemodOfLibrary {
  readonly codemod: Codemod;
  readonly library: { readonly name: string; readonly sha256: string } | null;
}

/** Codemods behind the port of the workflow. Their ids must differ. */
export function libraryOf(members: readonly CodemodOfLibrary[]): PatternLibrary {
  const summaries = members.map(({ codemod }) => summaryOf(codemod));
  const byId = new Map(members.map((member) => [member.codemod.id, member]));
  const find = (id: string): CodemodOfLibrary => {
    const member = byId.get(id);
    if (member !== undefined) return member;
    const known = [...byId.keys()].join(", ");
    throw new OrchestratorError("pattern_not_found", `no pattern is called ${id}; the library has ${known}`);
  };
  return {
    list: () => summaries,
    has: (id) => byId.has(id),
    identify: (id) => useOf(find(id).codemod, find(id).library),
    match: (goal) => matchGoal(goal, summaries),
    isCandidate: (id, path, text) => isCandidateFor(find(id).codemod, path, text),
    transform: (id, path, text, facts) =>
      settle(
        find(id),
        () => transformText(find(id).codemod, path, text, facts),
        (reason) => ({ path, status: "skipped", reason }),
      ),
    check: (id, path, text, facts) =>
      settle(
        find(id),
        () => checkText(find(id).codemod, path, text, facts),
        // Nobody may take this for "nothing is left".
        (message) => [{ pattern: id, path, line: 1, message }],
      ),
  };
}

/** A fault of our own codemods is a bug; one of another library is an answer about the file that it was asked about. */
function settle<T>({ codemod, library }: CodemodOfLibrary, ask: () => T, failed: (reason: string) => T): T {
  try {
    return ask();
  } catch (error) {
    if (library === null) throw error;
    return failed(`${codemod.id} failed: ${messageOf(error)}`);
  }
}

/** What a record names a pattern by. */
export function useOf(
  { id, version }: Pick<PatternUse, "id" | "version">,
  library: CodemodOfLibrary["library"],
): PatternUse {
  const sha256 = library?.sha256 ?? sourceHashes[id];
  if (sha256 === undefined) throw new TypeError(`${id} has no hash in source-hashes.ts`);
  return { id, version, sha256, library: library?.name ?? null };
}

/** A codemod as planner and reviewer see it. */
export function summaryOf(
  codemod: Pick<Codemod, "id" | "version" | "title" | "description" | "keywords">,
): PatternSummary {
  const { id, version, title, description, keywords } = codemod;
  return { id, kind: "codemod", version, title, description, keywords: [...keywords] };
}
