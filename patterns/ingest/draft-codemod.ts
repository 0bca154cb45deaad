import type { IngestedText, IngestRequest, PatternCandidate } from "../../orchestrator/schema/pattern-ingest.ts";
import { languageOf } from "../engine/parse-source.ts";

const changedMax = 12;
const sameMax = 2;
const wordsMax = 1_000;

/** The files of a candidate, and which fixture shows which path. */
export interface Draft {
  readonly files: ReadonlyMap<string, string>;
  readonly fixtures: PatternCandidate["fixtures"];
  readonly leftOut: IngestRequest["leftOut"];
}

/** A changed source with both of its texts. */
export interface ChangedSource extends IngestedText {
  readonly before: string;
  readonly after: string;
}

/**
 * A codemod that does nothing yet, with the change as its fixtures: texts before and after, and texts that stayed although they hold what was
 * changed elsewhere. Its tests fail until it is written.
 */
export function draftCodemod({ id, title, source, same }: IngestRequest, changed: readonly ChangedSource[]): Draft {
  const taken = changed.slice(0, changedMax);
  const word = sharedWord(taken);
  const kept = examples(same, taken, word);
  const names = new Set<string>();
  const files = new Map([
    ["codemod.mjs", codemodText({ id, title, run: source.run_id, word, languages: languagesOf(taken) })],
    ["index.mjs", 'import { codemod } from "./codemod.mjs";\n\nexport const codemods = [codemod];\n'],
  ]);
  const fixtures = [
    ...taken.map(({ path, before, after, redacted }) => {
      const { start, extension } = fixtureName(path, names);
      files.set(`fixtures/${id}/${start}.before${extension}`, before);
      files.set(`fixtures/${id}/${start}.after${extension}`, after);
      return { path, fixture: `${start}.before${extension}`, redacted };
    }),
    ...kept.map(({ path, text, redacted }) => {
      const { start, extension } = fixtureName(path, names);
      files.set(`fixtures/${id}/${start}.same${extension}`, text);
      return { path, fixture: `${start}.same${extension}`, redacted };
    }),
  ];
  const reason = `one of more than ${changedMax} changed sources`;
  return { files, fixtures, leftOut: changed.slice(changedMax).map(({ path }) => ({ path, reason })) };
}

function languagesOf(changed: readonly ChangedSource[]): readonly string[] {
  return [...new Set(changed.flatMap(({ path }) => languageOf(path) ?? []))].sort();
}

/** A name of letters, digits and dashes, each once. */
function fixtureName(path: string, names: Set<string>): { readonly start: string; readonly extension: string } {
  const extension = /\.[a-z]+$/.exec(path)?.[0] ?? "";
  const plain = path
    .slice(0, path.length - extension.length)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  const short =
    plain
      .replace(/^-+/, "")
      .slice(-60)
      .replace(/^-+|-+$/g, "") || "file";
  let start = short;
  for (let count = 2; names.has(`${start}${extension}`); count += 1) start = `${short}-${count}`;
  names.add(`${start}${extension}`);
  return { start, extension };
}

/** Words that stand in lines that went. */
function goneWords({ before, after }: ChangedSource): ReadonlySet<string> {
  const kept = new Set(after.split("\n"));
  const gone = before
    .split("\n")
    .filter((line) => !kept.has(line))
    .join("\n");
  return new Set([...gone.matchAll(/[A-Za-z_$][\w$]+/g)].slice(0, wordsMax).map(([word]) => word));
}

const keywords = new Set(
  "as async await break case catch class const continue default delete do else export extends false finally for from function if import in instanceof let new null of return static super switch this throw true try type typeof undefined var void while yield".split(
    " ",
  ),
);

/** The longest word that went in every file, or null. */
function sharedWord(changed: readonly ChangedSource[]): string | null {
  const [first = new Set<string>(), ...others] = changed.map(goneWords);
  const shared = [...first].filter((word) => !keywords.has(word) && others.every((words) => words.has(word)));
  return shared.sort((left, right) => right.length - left.length || (left < right ? -1 : 1))[0] ?? null;
}

/** Texts that stayed and look most like those that changed. */
function examples(
  same: IngestRequest["same"],
  changed: readonly ChangedSource[],
  word: string | null,
): IngestRequest["same"] {
  const words = new Set(changed.flatMap((source) => [...goneWords(source)]).filter((each) => !keywords.has(each)));
  const languages = languagesOf(changed);
  const ranked = same
    .filter(({ path, text }) => languages.includes(languageOf(path) ?? "") && (word === null || text.includes(word)))
    .map((each) => ({
      each,
      shared: new Set(
        [...each.text.matchAll(/[A-Za-z_$][\w$]+/g)].map(([found]) => found).filter((found) => words.has(found)),
      ).size,
    }))
    .filter(({ shared }) => shared > 0);
  return ranked
    .sort((left, right) => right.shared - left.shared || (left.each.path < right.each.path ? -1 : 1))
    .slice(0, sameMax)
    .map(({ each }) => each);
}

interface CodemodFacts {
  readonly id: string;
  readonly title: string;
  readonly run: string;
  readonly word: string | null;
  readonly languages: readonly string[];
}

function codemodText({ id, title, run, word, languages }: CodemodFacts): string {
  return `// A draft, made of the run ${run}. Nothing loads it before it is promoted, and its tests fail until \`scan\` finds what the fixtures show.
// Fixtures that tell nothing may go: a .same file is of use where it looks like something that this codemod must leave alone.

/** @type {import("codex-orchestrator/patterns").Codemod} */
export const codemod = {
  id: ${JSON.stringify(id)},
  // 0.0.0 is a draft and fails its test; the first version that works is 1.0.0.
  version: "0.0.0",
  title: ${JSON.stringify(title)},
  description: "To be written: what it changes, what it leaves alone, and why.",
  // Phrases of at least two words by which a goal asks for it.
  keywords: [],
  languages: ${JSON.stringify(languages)},
  // Cheap: false only where scan would rewrite nothing.
  prefilter: ${word === null ? "() => true" : `(text) => text.includes(${JSON.stringify(word)})`},
  // Offsets count in source.text. When in doubt, refuse: a refusal is reported, a wrong change is not.
  scan(source) {
    const rewrites = [];
    const refusals = [];
    // for (const { node } of source.nodesOfType("CallExpression")) {
    //   rewrites.push({ at: node.start, reason: "…", splices: [{ start: node.start, end: node.end, text: "…" }] });
    // }
    return { rewrites, refusals };
  },
};
`;
}
