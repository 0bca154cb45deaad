import { z } from "zod";
import type { PatternDetails } from "../../../orchestrator/schema/pattern-workbench.ts";
import { findFixtures } from "../../apply/find-shipped.ts";
import { patchOf } from "../../apply/format-patch.ts";
import { useOf } from "../../pattern-library.ts";
import { type LintPattern, lintSummaryOf } from "../shipped-lint-rules.ts";
import { readLintFixtures } from "./lint-fixtures.ts";

const OptionsSchema = z.object({ properties: z.record(z.string(), z.object({ description: z.string() })) });
const Defaults = z.record(z.string(), z.array(z.string()));

/** All that a person wants to know of a lint rule; where it fixes something, with the first fixture that shows it. */
export async function showLintRule(pattern: LintPattern): Promise<PatternDetails> {
  const { meta } = pattern.rule;
  const { properties } = OptionsSchema.parse(meta.schema[0]);
  const defaults = Defaults.parse(meta.defaultOptions?.[0] ?? {});
  const fixtures = await readLintFixtures(await findFixtures(), pattern.id);
  const example = fixtures.find(({ text, fixed }) => text !== fixed);
  return {
    ...lintSummaryOf(pattern),
    ...useOf(pattern, null),
    languages: ["javascript", "typescript"],
    settings: [],
    usage: `codex-orchestrator patterns lint <dir> --rule ${pattern.id}`,
    options: Object.entries(properties).map(([name, { description }]) => ({
      name,
      fallback: defaults[name] ?? [],
      help: description,
    })),
    example:
      example === undefined
        ? null
        : {
            fixture: example.name,
            diff: patchOf([{ path: example.path, before: example.text, after: example.fixed }]),
          },
  };
}
