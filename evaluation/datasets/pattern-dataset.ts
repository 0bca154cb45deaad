import { findFixtures } from "../../patterns/apply/find-shipped.ts";
import { type PatternFixture, readFixtures } from "../../patterns/apply/pattern-fixtures.ts";
import { shippedCodemods } from "../../patterns/pattern-library.ts";
import { Dataset, type Sample } from "../schema/sample.ts";

/**
 * The fixtures of every codemod of this package as samples: those that change, tagged `positive`, and those that stay, tagged `negative`. Each
 * lies in a package of its own, which names what some pattern asks of a package.
 */
export async function readPatternDataset(): Promise<Dataset> {
  const folder = await findFixtures();
  const samples = await Promise.all(
    shippedCodemods().map(async ({ id }) => (await readFixtures(folder, id)).map((fixture) => sampleOf(id, fixture))),
  );
  return Dataset.parse({ schema_version: 1, id: "patterns", samples: samples.flat() });
}

/** What the preconditions of the patterns ask for; it says nothing of the kind of module, which the names of the files tell. */
const packageJson = JSON.stringify({
  private: true,
  engines: { node: ">=24" },
  dependencies: { vitest: "*", zod: "*" },
});

function sampleOf(pattern: string, { name, path, before, after }: PatternFixture): Sample {
  return {
    id: `patterns/${pattern}/${name}`,
    tags: [after === null ? "negative" : "positive"],
    fixture: { files: { "package.json": packageJson, [path]: before } },
    pattern,
    target: { files: after === null ? {} : { [path]: after } },
  };
}
