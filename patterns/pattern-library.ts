import { OrchestratorError } from "../orchestrator/schema/errors.ts";
import type { PatternSummary } from "../orchestrator/schema/handoff.ts";
import type { PatternLibrary } from "../orchestrator/schema/pattern-port.ts";
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
  const codemods = shippedCodemods(options);
  const summaries = codemods.map(summaryOf);
  const find = (id: string) => findCodemod(codemods, id);
  return {
    list: () => summaries,
    has: (id) => codemods.some((codemod) => codemod.id === id),
    match: (goal) => matchGoal(goal, summaries),
    isCandidate: (id, path, text) => isCandidateFor(find(id), path, text),
    transform: (id, path, text, facts) => transformText(find(id), path, text, facts),
    check: (id, path, text, facts) => checkText(find(id), path, text, facts),
  };
}

/** A codemod as planner and reviewer see it. */
export function summaryOf(
  codemod: Pick<Codemod, "id" | "version" | "title" | "description" | "keywords">,
): PatternSummary {
  const { id, version, title, description, keywords } = codemod;
  return { id, kind: "codemod", version, title, description, keywords: [...keywords] };
}

function findCodemod(codemods: readonly Codemod[], id: string): Codemod {
  const codemod = codemods.find((each) => each.id === id);
  if (codemod !== undefined) return codemod;
  const known = codemods.map((each) => each.id).join(", ");
  throw new OrchestratorError("pattern_not_found", `no pattern is called ${id}; the library has ${known}`);
}
