import { join } from "node:path";
import { listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { ChosenCodemod } from "./choose-patterns.ts";
import { findFixtures } from "./find-shipped.ts";

const fixtureBytesMax = 1_048_576;

/** One example of what a pattern does: a text that it changes and the result, or one that it leaves as it is. */
export interface PatternFixture {
  readonly name: string;
  /** What the pattern is told. */
  readonly path: string;
  readonly before: string;
  /** Null for a text that stays. */
  readonly after: string | null;
}

/** The fixtures of a codemod: those of this package, or of the library that it comes from. */
export async function fixturesOf({ codemod, library }: ChosenCodemod): Promise<readonly PatternFixture[]> {
  if (library === null) return readFixtures(await findFixtures(), codemod.id);
  return readFixtures(library.fixtures, codemod.id.slice(library.name.length + 1));
}

/**
 * The fixtures of a pattern, in the order of their names: `<case>.before.*` with `<case>.after.*`, and `<case>.same.*`. Throws
 * `document_invalid` for a file that is none of them.
 */
export async function readFixtures(folder: string, id: string): Promise<readonly PatternFixture[]> {
  const texts = new Map<string, string>();
  for (const { name } of await listDirectory(join(folder, id))) {
    const bytes = await readFileIfThere(join(folder, id, name), fixtureBytesMax);
    texts.set(name, bytes?.toString("utf8") ?? "");
  }
  const fixtures: PatternFixture[] = [];
  for (const [name, before] of texts) {
    const [, start = "", kind = "", extension = ""] = /^(.+)\.(before|after|same)(\.[a-z]+)$/.exec(name) ?? [];
    const partner = texts.get(`${start}.${kind === "before" ? "after" : "before"}${extension}`) ?? null;
    if (kind === "" || (kind !== "same" && partner === null)) {
      throw new OrchestratorError("document_invalid", `${join(folder, id, name)} is no fixture: it has no counterpart`);
    }
    const path = `src/${start}${extension}`;
    if (kind !== "after") fixtures.push({ name, path, before, after: kind === "same" ? null : partner });
  }
  return fixtures;
}
