import { join } from "node:path";
import { listDirectory, readFileIfThere } from "../../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../../orchestrator/schema/errors.ts";

const fixtureBytesMax = 1_048_576;

/** One example of what a lint rule finds: a text whose lines say by a last comment, `// found` or `// found 2`, what is found in them. */
export interface LintFixture {
  readonly name: string;
  /** What the rule is told. */
  readonly path: string;
  readonly text: string;
  /** The text after every fix; the text itself where nothing is fixed. */
  readonly fixed: string;
}

/**
 * The fixtures of a lint rule, in the order of their names: `<case>.found.*`, with `<case>.fixed.*` where something is fixed, and
 * `<case>.same.*` for a text in which nothing is found. Throws `document_invalid` for a file that is none of them.
 */
export async function readLintFixtures(folder: string, id: string): Promise<readonly LintFixture[]> {
  const texts = new Map<string, string>();
  for (const { name } of await listDirectory(join(folder, id))) {
    const bytes = await readFileIfThere(join(folder, id, name), fixtureBytesMax);
    texts.set(name, bytes?.toString("utf8") ?? "");
  }
  const fixtures: LintFixture[] = [];
  for (const [name, text] of texts) {
    const [, start = "", kind = "", extension = ""] = /^(.+)\.(found|fixed|same)(\.[a-z]+)$/.exec(name) ?? [];
    if (kind === "" || (kind === "fixed" && !texts.has(`${start}.found${extension}`))) {
      throw new OrchestratorError("document_invalid", `${join(folder, id, name)} is no fixture: it has no counterpart`);
    }
    const fixed = (kind === "found" ? texts.get(`${start}.fixed${extension}`) : undefined) ?? text;
    if (kind !== "fixed") fixtures.push({ name, path: `src/${start}${extension}`, text, fixed });
  }
  return fixtures;
}
