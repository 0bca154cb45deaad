import type { PatternDetails } from "../../orchestrator/schema/pattern-workbench.ts";
import type { CrossFileCodemod } from "../cross-file/cross-file-codemod.ts";
import type { Codemod } from "../engine/codemod.ts";
import { summaryOf, useOf } from "../pattern-library.ts";
import type { ChosenCodemod, ChosenPatterns } from "./choose-patterns.ts";
import { findFixtures } from "./find-shipped.ts";
import { patchOf } from "./format-patch.ts";
import { fixturesOf } from "./pattern-fixtures.ts";
import { settingsOf } from "./pattern-settings.ts";
import { readProjectFixtures } from "./project-fixtures.ts";

/** All that a person wants to know of the pattern that was chosen, with its first fixture as an example. */
export async function showPattern(named: ChosenPatterns): Promise<PatternDetails> {
  if (named.crossFile !== null) return describe(named.crossFile, null, await projectExampleOf(named.crossFile));
  const [chosen] = named.chosen;
  if (chosen === undefined) throw new TypeError("one pattern is shown, and none was chosen");
  return describe(chosen.codemod, chosen.library, await exampleOf(chosen));
}

function describe(
  codemod: Codemod | CrossFileCodemod,
  library: ChosenCodemod["library"],
  example: PatternDetails["example"],
): PatternDetails {
  const settings = settingsOf(codemod);
  const required = settings.filter((setting) => setting.required).map(({ name }) => ` --set ${name}=…`);
  return {
    ...summaryOf(codemod),
    ...useOf(codemod, library),
    languages: codemod.languages,
    settings,
    usage: `codex-orchestrator patterns apply ${codemod.id} <dir>${required.join("")}`,
    example,
  };
}

async function exampleOf(chosen: ChosenCodemod): Promise<PatternDetails["example"]> {
  for (const { name, path, before, after } of await fixturesOf(chosen)) {
    if (after !== null) return { fixture: name, diff: patchOf([{ path, before, after }]) };
  }
  return null;
}

async function projectExampleOf({ id }: CrossFileCodemod): Promise<PatternDetails["example"]> {
  const fixture = (await readProjectFixtures(await findFixtures(), id)).find(({ after }) => after.size > 0);
  if (fixture === undefined) return null;
  const files = [...fixture.after].map(([path, after]) => ({ path, before: fixture.before.get(path) ?? "", after }));
  return { fixture: fixture.name, diff: patchOf(files) };
}
