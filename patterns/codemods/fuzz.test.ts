import fc from "fast-check";
import { expect, test } from "vitest";
import { shippedCodemods } from "../pattern-library.ts";
import { expectSoundTransform, generatedSources, mutatedSources } from "./sources.test-support.ts";

// `npm run test:fuzz` asks for 5,000; FUZZ_RUNS and FUZZ_SEED choose another number and other sources. A failure prints the seed.
const numRuns = Number(process.env["FUZZ_RUNS"] ?? 150);
const seed = Number(process.env["FUZZ_SEED"] ?? 20_261);
const codemods = shippedCodemods({ loggerModule: "src/logger.js" }).map((each) => ({ ...each, preconditions: [] }));

test("whatever a source is, no codemod crashes, and what changes is sound", { timeout: 600_000 }, () => {
  const changed = new Map<string, number>();
  const source = fc.oneof({ arbitrary: generatedSources(), weight: 3 }, { arbitrary: mutatedSources(), weight: 2 });
  fc.assert(
    fc.property(source, (each) => {
      for (const codemod of codemods) {
        const status = expectSoundTransform(codemod, each);
        if (status === "changed") changed.set(codemod.id, (changed.get(codemod.id) ?? 0) + 1);
      }
    }),
    { numRuns, seed },
  );
  expect([...changed.values()].reduce((sum, each) => sum + each, 0)).toBeGreaterThan(numRuns / 3);
  // A long run reaches every codemod; in a short one chance decides.
  if (numRuns >= 5000) expect([...changed.keys()].sort()).toEqual(codemods.map(({ id }) => id));
});
