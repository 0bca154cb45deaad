import { join } from "node:path";
import type { PatternSummary } from "../orchestrator/schema/handoff.ts";
import { settingsOf } from "./apply/pattern-settings.ts";
import { shippedCrossFile } from "./cross-file/shipped-cross-file.ts";
import { readTemplates, summaryOfTemplate } from "./fill/template-library.ts";
import { shippedLintRules } from "./lint/shipped-lint-rules.ts";
import { shippedCodemods } from "./pattern-library.ts";
import type { PatternBehaviour, PatternCorpus } from "./versions/pattern-ledger.ts";
import { behaviourOf, projectBehaviourOf } from "./versions/read-behaviour.ts";

/** A pattern of this package as `index.json` and the record of versions see it. */
export interface IndexedPattern {
  readonly id: string;
  readonly kind: PatternSummary["kind"];
  readonly version: string;
  readonly description: string;
  /** The file that it is written in, relative to `patterns/`. */
  readonly entry: string;
  readonly usage: string;
  /** What it does; null for a pattern that is judged by its source alone. */
  readonly behave: ((corpus: PatternCorpus) => PatternBehaviour | Promise<PatternBehaviour>) | null;
}

/** Settings under which the behaviour is recorded as well, for patterns that have some that need not be given. */
const otherSettings = { loggerModule: "src/logger.js" };

/** Every pattern of this package, kind by kind, each in the order of the ids. Templates are read from `folder`, that of `patterns/`. */
export async function indexedPatterns(folder: string): Promise<readonly IndexedPattern[]> {
  const withSettings = new Map(shippedCodemods(otherSettings).map((codemod) => [codemod.id, codemod]));
  const codemods = shippedCodemods().map((codemod): IndexedPattern => {
    const other = settingsOf(codemod).length === 0 ? undefined : withSettings.get(codemod.id);
    return {
      ...described(codemod, "codemods"),
      usage: `codex-orchestrator run --recipe ${codemod.id}`,
      behave: (corpus) => behaviourOf(other === undefined ? [codemod] : [codemod, other], corpus),
    };
  });
  const crossFile = shippedCrossFile().map(
    (codemod): IndexedPattern => ({
      ...described(codemod, "cross-file"),
      usage: `codex-orchestrator patterns show ${codemod.id}`,
      behave: (corpus) => projectBehaviourOf(codemod, corpus),
    }),
  );
  const lintRules = shippedLintRules().map(
    ({ id, kind, name, version, description }): IndexedPattern => ({
      ...{ id, kind, version, description },
      entry: `lint/rules/${name}.ts`,
      usage: `codex-orchestrator patterns lint . --rule ${id}`,
      behave: null,
    }),
  );
  return [...codemods, ...crossFile, ...lintRules, ...(await indexedTemplates(folder))];
}

async function indexedTemplates(folder: string): Promise<readonly IndexedPattern[]> {
  return (await readTemplates(join(folder, "templates"))).map((template) => {
    const { id, kind, version, description } = summaryOfTemplate(template);
    const usage = `codex-orchestrator patterns show ${id}`;
    return { id, kind, version, description, entry: `templates/${template.id}.md`, usage, behave: null };
  });
}

function described(
  { id, version, description }: Pick<IndexedPattern, "id" | "version" | "description">,
  folder: string,
) {
  return { id, kind: "codemod" as const, version, description, entry: `${folder}/${id}.ts` };
}
