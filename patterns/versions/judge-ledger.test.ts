import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Codemod } from "../engine/codemod.ts";
import type { IndexedPattern } from "../indexed-patterns.ts";
import { judgeLedger } from "./judge-ledger.ts";
import { parseVersions } from "./pattern-ledger.ts";
import { behaviourOf } from "./read-behaviour.ts";
import { versionsNow } from "./recorded-versions.ts";

/** A codemod that puts another name in place of names. */
interface Renamer {
  readonly version: string;
  readonly names?: readonly string[];
  readonly to?: string;
  readonly reason?: string;
  readonly keywords?: readonly string[];
}

function renamer({
  version,
  names = ["old"],
  to = "fresh",
  reason = "renamed",
  keywords = ["rename old"],
}: Renamer): IndexedPattern {
  const codemod: Codemod = {
    id: "renamer",
    version,
    title: "Rename",
    description: "Renames.",
    keywords,
    languages: ["javascript"],
    prefilter: (text) => names.some((name) => text.includes(name)),
    scan: (source) => ({
      rewrites: source
        .nodesOfType("Identifier")
        .filter(({ node }) => names.includes(node.name))
        .map(({ node: { start, end } }) => ({ at: start, reason, splices: [{ start, end, text: to }] })),
      refusals: [],
    }),
  };
  return described(version, (corpus) => behaviourOf([codemod], corpus));
}

function described(version: string, behave: IndexedPattern["behave"]): IndexedPattern {
  return {
    id: "renamer",
    kind: "codemod",
    version,
    description: "Renames.",
    entry: "renamer.ts",
    usage: "",
    behave,
  };
}

/** A folder with fixtures of a pattern, and what is recorded there. */
async function inFolder(
  work: (record: (pattern: IndexedPattern) => ReturnType<typeof recordIn>, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "versions-"));
  try {
    await mkdir(join(folder, "versions"));
    await mkdir(join(folder, "fixtures/renamer"), { recursive: true });
    await writeFile(join(folder, "fixtures/renamer/a.before.js"), "old(aged);\n");
    await writeFile(join(folder, "fixtures/renamer/b.same.js"), "'old';\n");
    await work((pattern) => recordIn(folder, pattern), folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Writes the record anew, and says what kept it from being so. */
async function recordIn(folder: string, pattern: IndexedPattern) {
  const { ledger, corpus, problems } = await versionsNow(folder, [pattern]);
  await writeFile(join(folder, "versions/ledger.json"), ledger);
  await writeFile(join(folder, "versions/corpus.json"), corpus);
  return { problems, recorded: parseVersions(ledger, corpus) };
}

test("what a pattern does otherwise needs a version that rose enough for it, and the message says which", async () => {
  const cases = [
    ["it changes what it changed otherwise", { to: "new_" }, "2.0.0"],
    ["it leaves alone what it changed", { names: ["other"] }, "2.0.0"],
    ["it lacks a keyword", { keywords: [] }, "2.0.0"],
    ["it changes what it left alone", { names: ["old", "gone"] }, "1.1.0"],
    ["it has another keyword", { keywords: ["rename old", "rename both"] }, "1.1.0"],
    ["it says something else", { reason: "it is old" }, "1.0.1"],
  ] as const;
  for (const [what, difference, least] of cases) {
    await inFolder(async (record, folder) => {
      await writeFile(join(folder, "fixtures/renamer/c.same.js"), "gone();\n");
      expect((await record(renamer({ version: "1.0.0" }))).problems).toEqual([]);
      expect((await record(renamer({ version: "1.0.0" }))).problems).toEqual([]);
      const { problems, recorded } = await record(renamer({ version: "1.0.0", ...difference }));
      expect([what, problems]).toEqual([what, [expect.stringContaining(`raise its version to ${least}`)]]);
      expect(Object.keys(recorded.ledger.patterns["renamer"] ?? {})).toEqual(["1.0.0"]);
      const tooLow = await record(renamer({ version: least === "2.0.0" ? "1.9.9" : "1.0.0", ...difference }));
      expect(tooLow.problems).toEqual([expect.stringContaining(least)]);
      const raised = await record(renamer({ version: least, ...difference }));
      expect(raised.problems).toEqual([]);
      expect(Object.keys(raised.recorded.ledger.patterns["renamer"] ?? {})).toEqual(["1.0.0", least]);
      expect((await record(renamer({ version: "1.0.0" }))).problems).toEqual([
        expect.stringContaining("a version never falls"),
      ]);
    });
  }
});

test("a record that was rewritten does not fit the one of the base, whichever way", async () => {
  await inFolder(async (record, folder) => {
    const base = (await record(renamer({ version: "1.0.0" }))).recorded;
    await writeFile(join(folder, "fixtures/renamer/c.before.js"), "old(1);\n");
    const grown = (await record(renamer({ version: "1.0.0" }))).recorded;
    expect(judgeLedger(grown, base)).toEqual([]);
    expect(judgeLedger(base, grown)).toEqual([
      expect.stringMatching(/the corpus lost or changed renamer\/c/),
      expect.stringContaining("renamer 1.0.0 was changed"),
    ]);

    await writeFile(join(folder, "versions/ledger.json"), '{"version":1,"patterns":{}}');
    const forged = await record(renamer({ version: "1.0.0", to: "new_" }));
    expect(forged.problems).toEqual([]);
    expect(judgeLedger(forged.recorded)).toEqual([]);
    expect(judgeLedger(forged.recorded, base)).toEqual([expect.stringContaining("renamer 1.0.0 was changed")]);
    const gone = { ...forged.recorded, ledger: { version: 1 as const, patterns: {} } };
    expect(judgeLedger(gone, base)).toEqual([expect.stringContaining("renamer 1.0.0 is gone")]);
    const [first, ...rest] = grown.corpus;
    expect(judgeLedger({ ...grown, corpus: rest }, base)).toEqual([
      expect.stringMatching(/lost or changed renamer\/a/),
    ]);
    expect(first?.name).toBe("renamer/a.before.js");

    const shy = { ...base.ledger.patterns["renamer"]?.["1.0.0"], texts: 0, surface: [], outcomes: {} };
    const unasked = { ...grown, ledger: { version: 1 as const, patterns: { renamer: { "1.0.0": shy } } } };
    expect(judgeLedger(unasked, base)).toEqual([expect.stringContaining("renamer 1.0.0 was changed")]);
  });
});

test("a version that rose too little fails also where the record was written by hand", async () => {
  await inFolder(async (record) => {
    const { ledger, corpus } = (await record(renamer({ version: "1.0.0" }))).recorded;
    const was = ledger.patterns["renamer"]?.["1.0.0"] ?? { texts: 0, surface: [], outcomes: {} };
    const by = (version: string) => ({
      corpus,
      ledger: { version: 1 as const, patterns: { renamer: { "1.0.0": was, [version]: { ...was, outcomes: {} } } } },
    });
    expect(judgeLedger(by("1.10.0"))).toEqual([expect.stringContaining("its version is 2.0.0 at least")]);
    expect(judgeLedger(by("2.0.0"))).toEqual([]);
  });
});

test("a pattern without texts to act on is judged by its source", async () => {
  await inFolder(async (record, folder) => {
    await writeFile(join(folder, "renamer.ts"), "one");
    expect((await record(described("1.0.0", null))).problems).toEqual([]);
    await writeFile(join(folder, "renamer.ts"), "two");
    expect((await record(described("1.0.0", null))).problems).toEqual([
      expect.stringMatching(/its source differs.*1\.0\.1/),
    ]);
    expect((await record(described("1.0.1", null))).problems).toEqual([]);
  });
});
