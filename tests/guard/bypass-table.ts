import { type CommitOptions, type Edits, type GitHistory, today } from "./git-history.ts";
import { type SpecParts, spec } from "./sample-specs.ts";

/** One change, from a base that may be otherwise too. */
export interface Variant {
  readonly base?: Edits;
  readonly head?: Edits;
  /** Builds the history itself, and names base and head. */
  readonly history?: (git: GitHistory, start: number) => { readonly base: number; readonly head: number };
  readonly author?: string;
  readonly args?: readonly string[];
}

/** A way around, what the guard must say of it, and a change that is much like it and honest. */
export interface Bypass {
  readonly name: string;
  readonly evil: Variant;
  /** A rule id, or words of the message of exit code 2. */
  readonly caught: string;
  readonly honest: Variant;
}

const policy = `version: 1
specs: tasks/specs
max_review_age_days: 30
controlled:
  - paths: [src/**]
    specs: any
waivers: tasks/waivers
`;
const retrySpec = "tasks/specs/0007-retry.md";
const retryFile = "src/retry/retry.ts";

/** The repository that every case begins with. */
export const start: Edits = {
  "spec-guard.yaml": policy,
  "src/a.ts": "a\n",
  [retryFile]: "retry\n",
  "docs/notes.md": "notes\n",
  ".github/workflows/ci.yml": "on: push\n",
  "tasks/0007-retry.md": "---\nid: 0007-retry\n---\n\n- [ ] retry\n",
  [retrySpec]: spec(),
};

const honestEdit: Variant = { head: { [retryFile]: "better\n" } };
const honestDocs: Variant = { head: { "docs/notes.md": "more\n" } };
const withSpec = (text: string, more: Edits = {}): Variant => ({
  head: { [retrySpec]: text, [retryFile]: "better\n", ...more },
});
const baseSpec = (text: string, more: Edits = {}): Variant => ({
  base: { [retrySpec]: text },
  head: { [retryFile]: "better\n", ...more },
});
const withPolicy = (more: string): Edits => ({ "spec-guard.yaml": policy + more });
const ana = "Ana <ana@example.com>";
const cid = "Cid <cid@example.com>";
const link = (target: string) => ({ mode: "120000", data: target });
const submodule = { mode: "160000", data: "1".repeat(40) };
const coversAll = (covers: string) => withSpec(spec({ covers }));
const stale = spec({ last_review: "2026-01-01" });
const front = (text: string, from: string, to: string) => text.replace(from, to);

const changes: readonly Bypass[] = [
  {
    name: "edit a controlled file without a spec",
    evil: { head: { "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: honestEdit,
  },
  {
    name: "rename a file out of the controlled folder",
    evil: { head: { "src/a.ts": null, "lib/a.ts": "a\n" } },
    caught: "SG001",
    honest: { head: { "docs/notes.md": null, "docs/news.md": "notes\n" } },
  },
  {
    name: "rename a file into the controlled folder",
    evil: { head: { "docs/notes.md": null, "src/notes.md": "notes\n" } },
    caught: "SG001",
    honest: { head: { "docs/notes.md": null, "src/retry/notes.md": "notes\n" } },
  },
  {
    name: "delete a controlled file",
    evil: { head: { "src/a.ts": null } },
    caught: "SG001",
    honest: { head: { [retryFile]: null } },
  },
  {
    name: "use a name that git would quote",
    evil: { head: { "src/ä.ts": "" } },
    caught: "SG001",
    honest: { head: { "src/retry/ä.ts": "" } },
  },
  {
    name: "use a name with a line break",
    evil: { head: { "src/a\nb.ts": "" } },
    caught: "SG001",
    honest: { head: { "src/retry/a\nb.ts": "" } },
  },
  {
    name: "use a name with a tab and quotes",
    evil: { head: { 'src/"a\tb".ts': "" } },
    caught: "SG001",
    honest: { head: { 'src/retry/"a\tb".ts': "" } },
  },
  {
    name: "use a name that is no UTF-8",
    evil: { head: { "src/\\377.ts": "" } },
    caught: "SG001",
    honest: { head: { "src/retry/\\377.ts": "" } },
  },
  {
    name: "use a name that looks like an option",
    evil: { head: { "src/--help": "" } },
    caught: "SG001",
    honest: { head: { "src/retry/--help": "" } },
  },
  {
    name: "use a name with pathspec magic",
    evil: { head: { "src/:(exclude)a.ts": "" } },
    caught: "SG001",
    honest: { head: { "src/retry/:(exclude)a.ts": "" } },
  },
  {
    name: "spell the folder in upper case",
    evil: { head: { "SRC/a.ts": "" } },
    caught: "SG001",
    honest: { head: { "DOCS/a.ts": "" } },
  },
  {
    name: "write the policy with a long s, which folds to the same letter",
    evil: { base: { "spec-guard.yaml": policy.replace("src/**", "ſrc/**") }, head: { "src/b.ts": "" } },
    caught: "SG001",
    honest: { base: { "spec-guard.yaml": policy.replace("src/**", "ſrc/**") }, head: { "docs/b.ts": "" } },
  },
  {
    name: "decompose the letters of the folder",
    evil: { base: { "spec-guard.yaml": policy.replace("src/**", "s\u00e9/**") }, head: { "se\u0301/b.ts": "" } },
    caught: "SG001",
    honest: {
      base: {
        "spec-guard.yaml": policy.replace("src/**", "s\u00e9/**"),
        [retrySpec]: spec({ covers: '["s\u00e9/**"]' }),
      },
      head: { "se\u0301/b.ts": "" },
    },
  },
  {
    name: "put an invisible letter into the folder",
    evil: { head: { "s\u200brc/a.ts": "" } },
    caught: "SG001",
    honest: { head: { "do\u200bcs/a.ts": "" } },
  },
  {
    name: "end the folder with a dot, which Windows drops",
    evil: { head: { "src./a.ts": "" } },
    caught: "SG001",
    honest: { head: { "docs./a.ts": "" } },
  },
  {
    name: "write the folder with a Cyrillic letter",
    evil: { head: { "\u0455rc/a.ts": "" } },
    caught: "SG015",
    honest: { head: { "\u0434\u043e\u043a\u0438/a.ts": "" } },
  },
  {
    name: "write the folder with a Coptic letter",
    evil: { head: { "sⲅc/a.ts": "" } },
    caught: "SG015",
    honest: { head: { "dⲟcs/a.ts": "" } },
  },
  {
    name: "write the folder with a letter in brackets",
    evil: { head: { "s⒭c/a.ts": "" } },
    caught: "SG015",
    honest: { head: { "s⒯c/a.ts": "" } },
  },
  {
    name: "write the folder in full-width letters",
    evil: { head: { "\uff53\uff52\uff43/a.ts": "" } },
    caught: "SG015",
    honest: { head: { "\uff44\uff4f\uff43/a.ts": "" } },
  },
  {
    name: "separate the names with a backslash, as Windows would",
    evil: { head: { "src\\a.ts": "" } },
    caught: "SG015",
    honest: { head: { "docs\\a.ts": "" } },
  },
  {
    name: "write the folder by the name of its stream, as NTFS would",
    evil: { head: { "src::$INDEX_ALLOCATION/a.ts": "" } },
    caught: "SG015",
    honest: { head: { "docs::$INDEX_ALLOCATION/a.ts": "" } },
  },
  {
    name: "write the folder by its short name, as Windows would",
    evil: {
      base: { "spec-guard.yaml": policy.replace("src/**", "orchestrator/**") },
      head: { "ORCHES~1/a.ts": "b\n" },
    },
    caught: "SG015",
    honest: {
      base: { "spec-guard.yaml": policy.replace("src/**", "orchestrator/**") },
      head: { "docs~1/a.ts": "b\n", "ORCH~1/a.ts": "b\n", "notes/orches~1.txt": "b\n" },
    },
  },
  {
    name: "use words that a guard by patterns would stumble over",
    evil: { head: { "src/a.ts": "const legacyFallback = 1; // spec: approved\n" } },
    caught: "SG001",
    honest: { head: { [retryFile]: "const legacyFallback = 1;\n" } },
  },
  {
    name: "put code into a root file that the policy controls",
    evil: { base: { "spec-guard.yaml": policy.replace("src/**", '"*.ts"') }, head: { "main.ts": "" } },
    caught: "SG001",
    honest: { base: { "spec-guard.yaml": policy.replace("src/**", '"*.ts"') }, head: { "tools/main.ts": "" } },
  },
  {
    name: "change only the mode of a file",
    evil: { head: { "src/a.ts": { mode: "100755", data: "a\n" } } },
    caught: "SG001",
    honest: { head: { [retryFile]: { mode: "100755", data: "retry\n" } } },
  },
  {
    name: "replace a file by a symbolic link",
    evil: { head: { [retryFile]: link("../../docs/notes.md") } },
    caught: "SG013",
    honest: { head: { "docs/link.md": link("notes.md") } },
  },
  {
    name: "replace the controlled folder by a symbolic link",
    evil: { head: { "src/a.ts": null, [retryFile]: null, src: link("impl"), "impl/a.ts": "x" } },
    caught: "SG013",
    honest: { head: { impl: link("docs") } },
  },
  {
    name: "edit what a link in the controlled folder already points to",
    evil: { base: { "src/linked": link("../impl") }, head: { "impl/x.ts": "" } },
    caught: "SG013",
    honest: { base: { linked: link("impl") }, head: { "impl/x.ts": "" } },
  },
  {
    name: "put a link above a folder of a longer glob",
    evil: {
      base: { "spec-guard.yaml": policy.replace("src/**", "apps/*/src/**") },
      head: { "apps/web": link("../impl") },
    },
    caught: "SG013",
    honest: {
      base: { "spec-guard.yaml": policy.replace("src/**", "apps/*/src/**") },
      head: { "tools/web": link("../impl") },
    },
  },
  {
    name: "put a submodule into the controlled folder",
    evil: { head: { "src/retry/vendor": submodule } },
    caught: "SG014",
    honest: { head: { "vendor/lib": submodule } },
  },
  {
    name: "replace the controlled folder by a submodule",
    evil: { head: { "src/a.ts": null, [retryFile]: null, src: submodule } },
    caught: "SG014",
    honest: { head: { vendor: submodule } },
  },
  {
    name: "declare a controlled file binary and generated",
    evil: { head: { ".gitattributes": "src/** -diff -text linguist-generated export-ignore\n", "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: { head: { ".gitattributes": "src/** -diff\n", [retryFile]: "b\n" } },
  },
  {
    name: "give controlled files a filter that cleans the change away",
    evil: {
      head: { ".gitattributes": "src/** filter=hide ident eol=crlf working-tree-encoding=UTF-16\n", "src/a.ts": "b\n" },
    },
    caught: "SG001",
    honest: { head: { ".gitattributes": "src/** filter=hide\n", [retryFile]: "b\n" } },
  },
  {
    name: "add an empty file",
    evil: { head: { "src/empty": "" } },
    caught: "SG001",
    honest: { head: { "src/retry/empty": "" } },
  },
  {
    name: "hide one file among twelve thousand",
    evil: { head: { ...manyFiles("docs"), "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: { head: { ...manyFiles("docs"), [retryFile]: "b\n" } },
  },
  {
    name: "hide a file under two hundred folders",
    evil: { head: { [`src/${"d/".repeat(200)}a.ts`]: "" } },
    caught: "SG001",
    honest: { head: { [`src/retry/${"d/".repeat(200)}a.ts`]: "" } },
  },
  {
    name: "cover one of two files",
    evil: { head: { [retryFile]: "b\n", "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: { head: { [retryFile]: "b\n", "docs/notes.md": "b\n" } },
  },
  {
    name: "turn a folder into a file",
    evil: { head: { "src/a.ts": null, [retryFile]: null, src: "text" } },
    caught: "SG001",
    honest: { head: { "docs/notes.md": null, docs: "text" } },
  },
];

function manyFiles(folder: string): Edits {
  const name = "n".repeat(100);
  return Object.fromEntries([...Array(12_000).keys()].map((index) => [`${folder}/${name}-${index}`, ""]));
}

const histories: readonly Bypass[] = [
  {
    name: "bring the change in by the merge commit alone",
    evil: { history: (git, at) => mergeOf(git, at, { "src/a.ts": "evil\n" }) },
    caught: "SG001",
    honest: { history: (git, at) => mergeOf(git, at, { [retryFile]: "good\n" }) },
  },
  {
    name: "bring the change in by an octopus merge",
    evil: { history: (git, at) => octopusOf(git, at, { "src/a.ts": "evil\n" }) },
    caught: "SG001",
    honest: { history: (git, at) => octopusOf(git, at, { [retryFile]: "good\n" }) },
  },
  {
    name: "merge the base and keep one's own side of a controlled file",
    evil: { history: (git, at) => oursMerge(git, at, { "src/a.ts": "a\n" }) },
    caught: "SG001",
    honest: { history: (git, at) => oursMerge(git, at, { "src/a.ts": "fixed\n" }) },
  },
  {
    name: "revert the revert",
    evil: {
      history: (git, at) => chain(git, at, [{ "src/a.ts": "b\n" }, { "src/a.ts": "a\n" }, { "src/a.ts": "b\n" }]),
    },
    caught: "SG001",
    honest: { history: (git, at) => chain(git, at, [{ "src/a.ts": "b\n" }, { "src/a.ts": "a\n" }]) },
  },
  {
    name: "carry an approval over a rebase that changed the spec",
    evil: {
      history: (git, at) =>
        rebased(git, at, front(spec({ body: "Retry\nThree.\n" }), "Three.", "Four, after the rebase.")),
    },
    caught: "SG006",
    honest: { history: (git, at) => rebased(git, at, spec({ body: "Retry\nThree.\n" })) },
  },
  {
    name: "revert the spec to one that was never approved again",
    evil: {
      history: (git, at) =>
        chain(git, at, [
          { [retrySpec]: spec({ body: "second\n" }) },
          {
            [retrySpec]: front(spec({ body: "second\n" }), "second", "# Retry\n\nThree times, then give up."),
            [retryFile]: "b\n",
          },
        ]),
    },
    caught: "SG006",
    honest: {
      history: (git, at) =>
        chain(git, at, [{ [retrySpec]: spec({ body: "second\n" }) }, { [retrySpec]: spec(), [retryFile]: "b\n" }]),
    },
  },
  {
    name: "bury the change under a hundred commits",
    evil: { history: (git, at) => chain(git, at, [{ "src/a.ts": "b\n" }, ...manyCommits()]) },
    caught: "SG001",
    honest: { history: (git, at) => chain(git, at, [{ [retryFile]: "b\n" }, ...manyCommits()]) },
  },
  {
    name: "cross the branches so that there are two merge bases",
    evil: { history: (git, at) => crissCross(git, at, { "src/a.ts": "b\n" }) },
    caught: "SG001",
    honest: { history: (git, at) => crissCross(git, at, { [retryFile]: "b\n" }) },
  },
  {
    name: "begin a history of one's own",
    evil: { history: (git, at) => ({ base: at, head: git.commit({ ...start, "src/a.ts": "b\n" }) }) },
    caught: "no commit in common",
    honest: { history: (git, at) => chain(git, at, [{ [retryFile]: "b\n" }]) },
  },
  {
    name: "name the head itself as the base",
    evil: { history: (_, at) => ({ base: at, head: at }) },
    caught: "no change to judge",
    honest: honestEdit,
  },
  {
    name: "name a base that contains the head",
    evil: { history: (git, at) => ({ base: git.commit({ "docs/notes.md": "x" }, { parents: [at] }), head: at }) },
    caught: "no change to judge",
    honest: { history: (git, at) => movedOn(git, at, { "docs/notes.md": "x" }, { [retryFile]: "b\n" }) },
  },
  {
    name: "part from the base before a rule was there",
    evil: {
      base: { "spec-guard.yaml": policy.replace("src/**", "lib/**") },
      history: (git, at) => movedOn(git, at, { "spec-guard.yaml": policy }, { "src/a.ts": "b\n" }),
    },
    caught: "SG001",
    honest: {
      base: { "spec-guard.yaml": policy.replace("src/**", "lib/**") },
      history: (git, at) => movedOn(git, at, { "spec-guard.yaml": policy }, { [retryFile]: "b\n" }),
    },
  },
  {
    name: "use a spec that the base has superseded since",
    evil: {
      history: (git, at) => movedOn(git, at, { [retrySpec]: spec({ status: "superseded" }) }, { [retryFile]: "b\n" }),
    },
    caught: "SG004",
    honest: { history: (git, at) => movedOn(git, at, { "docs/notes.md": "x" }, { [retryFile]: "b\n" }) },
  },
  {
    name: "use a spec that the base has deleted since",
    evil: { history: (git, at) => movedOn(git, at, { [retrySpec]: null }, { [retryFile]: "b\n" }) },
    caught: "SG001",
    honest: {
      base: { [retrySpec]: null },
      history: (git, at) => movedOn(git, at, { [retrySpec]: spec() }, { [retryFile]: "b\n" }),
    },
  },
  {
    name: "use a waiver that the base has taken back since",
    evil: {
      base: waiver(),
      history: (git, at) => movedOn(git, at, { "tasks/waivers/w1.yaml": null }, { "src/a.ts": "b\n" }),
    },
    caught: "SG001",
    honest: { base: waiver(), history: (git, at) => movedOn(git, at, { "docs/notes.md": "x" }, { "src/a.ts": "b\n" }) },
  },
];

function mergeOf(git: GitHistory, at: number, edits: Edits) {
  const left = git.commit({ "docs/left.md": "" }, { parents: [at] });
  const right = git.commit({ "docs/right.md": "" }, { parents: [at] });
  return { base: at, head: git.commit({ "docs/right.md": "", ...edits }, { parents: [left, right] }) };
}

function octopusOf(git: GitHistory, at: number, edits: Edits) {
  const sides = ["one", "two", "three"].map((name) => git.commit({ [`docs/${name}.md`]: "" }, { parents: [at] }));
  return { base: at, head: git.commit(edits, { parents: sides }) };
}

function oursMerge(git: GitHistory, at: number, edits: Edits) {
  const base = git.commit({ "src/a.ts": "fixed\n" }, { parents: [at] });
  const own = git.commit({ "docs/own.md": "" }, { parents: [at] });
  return { base, head: git.commit(edits, { parents: [own, base] }) };
}

function chain(git: GitHistory, at: number, steps: readonly Edits[]) {
  return { base: at, head: steps.reduce((parent, edits) => git.commit(edits, { parents: [parent] }), at) };
}

function manyCommits(): Edits[] {
  return [...Array(100).keys()].map((index) => ({ "docs/notes.md": `${index}\n` }));
}

function crissCross(git: GitHistory, at: number, edits: Edits) {
  const left = git.commit({ "docs/left.md": "" }, { parents: [at] });
  const right = git.commit(edits, { parents: [at] });
  const base = git.commit({}, { parents: [left, right] });
  const merged = git.commit(edits, { parents: [right, left] });
  const undone = git.commit({ "src/a.ts": "a\n", [retryFile]: "retry\n" }, { parents: [base] });
  return { base: undone, head: git.commit({ "docs/notes.md": "x" }, { parents: [merged] }) };
}

/** A spec that was approved on a branch, and what stands after the branch was put upon a newer base. */
/** Someone writes a body in a file that is no spec, and someone else takes the line out that was in the way. */
function mended(git: GitHistory, at: number, author: string) {
  const text = spec({ body: "mine\n" });
  const broken = git.commit({ [retrySpec]: text.replace("---\n", "---\nodd: field\n") }, { parents: [at], author });
  return {
    base: at,
    head: git.commit({ [retrySpec]: text, [retryFile]: "b\n" }, { parents: [broken], author: "Dan <dan@example.com>" }),
  };
}

/** Someone writes a spec in a file that is none by its name, and someone else renames it. */
function renamedTo(git: GitHistory, at: number, author: string) {
  const text = spec({ id: "9-new", body: "mine\n" });
  const written = git.commit({ "tasks/specs/9.md-new": text }, { parents: [at], author });
  const edits = { "tasks/specs/9.md-new": null, "tasks/specs/9.md": text, [retrySpec]: null, [retryFile]: "b\n" };
  return { base: at, head: git.commit(edits, { parents: [written], author: "Dan <dan@example.com>" }) };
}

/** Someone writes a body under a header that cannot be read, and someone else renames the file and mends the header at once. */
function renamedAndMended(git: GitHistory, at: number, author: string) {
  const text = spec({ id: "9-new", body: "mine\n" });
  const broken = text.replace("---\n", "---\nodd: field\n");
  const written = git.commit({ "tasks/specs/8.md": broken, [retrySpec]: null }, { parents: [at], author });
  const edits = { "tasks/specs/8.md": null, "tasks/specs/9.md": text, [retryFile]: "b\n" };
  return { base: at, head: git.commit(edits, { parents: [written], author: "Dan <dan@example.com>" }) };
}

/** Someone writes a spec, and someone else deletes it and brings it back. */
function reverted(git: GitHistory, at: number, author: string) {
  const text = spec({ id: "9-new", body: "mine\n" });
  const dan = "Dan <dan@example.com>";
  const written = git.commit({ "tasks/specs/9.md": text, [retrySpec]: null }, { parents: [at], author });
  const gone = git.commit({ "tasks/specs/9.md": null }, { parents: [written], author: dan });
  return {
    base: at,
    head: git.commit({ "tasks/specs/9.md": text, [retryFile]: "b\n" }, { parents: [gone], author: dan }),
  };
}

/** Someone writes a body, and a merge takes the title from another side, on which the body stayed. */
function titled(git: GitHistory, at: number, author: string) {
  const body = git.commit({ [retrySpec]: spec({ body: "mine\n" }) }, { parents: [at], author });
  const title = git.commit(
    { [retrySpec]: spec({ title: "Again" }) },
    { parents: [at], author: "Eve <eve@example.com>" },
  );
  const both = { [retrySpec]: spec({ body: "mine\n", title: "Again" }), [retryFile]: "b\n" };
  return { base: at, head: git.commit(both, { parents: [body, title], author: "Dan <dan@example.com>" }) };
}

function rebased(git: GitHistory, at: number, after: string) {
  const base = git.commit({ "docs/notes.md": "newer\n" }, { parents: [at] });
  return { base, head: git.commit({ [retrySpec]: after, [retryFile]: "b\n" }, { parents: [base] }) };
}

function movedOn(git: GitHistory, at: number, onBase: Edits, onHead: Edits) {
  return { base: git.commit(onBase, { parents: [at] }), head: git.commit(onHead, { parents: [at] }) };
}

/** A base that took an approved spec away by the given commits, and a change that says the same again. */
const broughtBack = (gone: readonly Edits[], path: string, more: SpecParts): Variant => ({
  history: (git, at) => {
    const { head: base } = chain(git, at, gone);
    return { base, head: git.commit({ [path]: spec(more), [retryFile]: "b\n" }, { parents: [base] }) };
  },
});

/** As `broughtBack`, but a merge took the spec away, which neither of its sides did. */
const broughtBackAfterMerge = (more: SpecParts): Variant => ({
  history: (git, at) => {
    const side = git.commit({ "docs/notes.md": "side\n" }, { parents: [at] });
    const main = git.commit({ "docs/more.md": "main\n" }, { parents: [at] });
    const base = git.commit({ "docs/notes.md": "side\n", [retrySpec]: null }, { parents: [main, side] });
    return { base, head: git.commit({ [retrySpec]: spec(more), [retryFile]: "b\n" }, { parents: [base] }) };
  },
});

/** A policy that looks for specs elsewhere since one of them was deleted. */
const movedFolder = (more: SpecParts): Variant => ({
  history: (git, at) => {
    const moved = { "spec-guard.yaml": policy.replace("tasks/specs", "specs"), "specs/README.md": "none\n" };
    const { head: base } = chain(git, at, [{ [retrySpec]: null }, moved]);
    return { base, head: git.commit({ "specs/7.md": spec(more), [retryFile]: "b\n" }, { parents: [base] }) };
  },
});

/** A spec of a folder that only a policy named which cannot be read any more; both went. */
const unreadableFolder = (more: SpecParts): Variant => ({
  history: (git, at) => {
    const once = `${policy.replace("tasks/specs", "old/specs")}of_old: true\n`;
    const { head: base } = chain(git, at, [
      { "spec-guard.yaml": once, "old/specs/7.md": spec({ body: "old\n" }), [retrySpec]: null },
      { "spec-guard.yaml": policy, "old/specs/7.md": null },
    ]);
    const again = { "tasks/specs/9.md": spec({ body: "old\n", ...more }), [retryFile]: "b\n" };
    return { base, head: git.commit(again, { parents: [base] }) };
  },
});

/** A base that takes something away after the change has parted from it. */
const meanwhile = (onBase: Edits, onHead: Edits): Variant => ({
  history: (git, at) => movedOn(git, at, onBase, { [retryFile]: "b\n", ...onHead }),
});

const done = spec({ status: "done" });
/** A spec that is done stays, and another id says the same. */
const copied = (more: SpecParts): Variant => ({
  base: { [retrySpec]: done },
  head: { "tasks/specs/9.md": spec({ id: "9-new", ...more }), [retryFile]: "b\n" },
});
const named = (more: SpecParts): Variant => ({
  base: { "spec-guard.yaml": policy.replace("specs: any", "specs: [9-new]") },
  head: { "tasks/specs/9.md": spec({ id: "9-new", ...more }), [retryFile]: "b\n" },
});

const specs: readonly Bypass[] = [
  {
    name: "touch the white space of an unrelated spec",
    evil: {
      base: { "tasks/specs/9.md": spec({ id: "9", covers: "[lib/**]" }) },
      head: { "tasks/specs/9.md": `${spec({ id: "9", covers: "[lib/**]" })}\n\n`, "src/a.ts": "b\n" },
    },
    caught: "SG001",
    honest: { head: { [retrySpec]: `${spec()}\n\n`, [retryFile]: "b\n" } },
  },
  {
    name: "delete the spec together with the change",
    evil: { head: { [retrySpec]: null, [retryFile]: "b\n" } },
    caught: "SG001",
    honest: {
      base: { "tasks/specs/9.md": spec({ id: "9", covers: "[lib/**]" }) },
      head: { "tasks/specs/9.md": null, [retryFile]: "b\n" },
    },
  },
  {
    name: "move the spec out of the specs folder",
    evil: { head: { [retrySpec]: null, "docs/0007-retry.md": spec(), [retryFile]: "b\n" } },
    caught: "SG001",
    honest: { head: { [retrySpec]: null, "tasks/specs/deep/0007-retry.md": spec(), [retryFile]: "b\n" } },
  },
  {
    name: "keep the spec in a folder of another case",
    evil: { head: { [retrySpec]: null, "tasks/Specs/0007-retry.md": spec(), [retryFile]: "b\n" } },
    caught: "SG001",
    honest: honestEdit,
  },
  {
    name: "give the spec another extension",
    evil: { head: { [retrySpec]: null, "tasks/specs/0007-retry.txt": spec(), [retryFile]: "b\n" } },
    caught: "SG001",
    honest: { head: { [retrySpec]: null, "tasks/specs/other.md": spec(), [retryFile]: "b\n" } },
  },
  {
    name: "make the spec a link to an approved one",
    evil: { base: { "docs/spec.md": spec(), [retrySpec]: link("../../docs/spec.md") }, head: { [retryFile]: "b\n" } },
    caught: "SG003",
    honest: honestEdit,
  },
  {
    name: "set the date of a stale spec to today, and nothing else",
    evil: { base: { [retrySpec]: stale }, head: { [retrySpec]: spec(), [retryFile]: "b\n" } },
    caught: "SG012",
    honest: {
      base: { [retrySpec]: stale },
      head: { [retrySpec]: spec({ approvals: [{ date: "2026-11-21" }] }), [retryFile]: "b\n" },
    },
  },
  {
    name: "bring a superseded spec back by its status alone",
    evil: { base: { [retrySpec]: spec({ status: "superseded" }) }, head: { [retrySpec]: spec(), [retryFile]: "b\n" } },
    caught: "SG012",
    honest: {
      base: { [retrySpec]: spec({ status: "draft", approvals: [] }) },
      head: { [retrySpec]: spec({ approvals: [{ date: today }] }), [retryFile]: "b\n" },
    },
  },
  {
    name: "bring a deleted spec back with the approval that it had",
    evil: broughtBack([{ [retrySpec]: null }], retrySpec, {}),
    caught: "SG012",
    honest: broughtBack([{ [retrySpec]: null }], retrySpec, { approvals: [{ date: today }] }),
  },
  {
    name: "bring a deleted spec back under another name",
    evil: broughtBack([{ [retrySpec]: null }, { "docs/notes.md": "x" }], "tasks/specs/9.md", { id: "9-new" }),
    caught: "SG012",
    honest: broughtBack([{ [retrySpec]: null }, { "docs/notes.md": "x" }], "tasks/specs/9.md", {
      id: "9-new",
      approvals: [{ date: today }],
    }),
  },
  {
    name: "go back to the text that a spec had before it was withdrawn",
    evil: broughtBack([{ [retrySpec]: spec({ body: "Withdrawn.\n", status: "draft", approvals: [] }) }], retrySpec, {}),
    caught: "SG012",
    honest: broughtBack([{ [retrySpec]: spec({ body: "Withdrawn.\n", status: "draft", approvals: [] }) }], retrySpec, {
      approvals: [{ date: today }],
    }),
  },
  {
    name: "go back to what a closed spec said",
    evil: broughtBack(
      [{ [retrySpec]: spec({ body: "Other.\n" }) }, { [retrySpec]: done }, { [retrySpec]: null }],
      retrySpec,
      {},
    ),
    caught: "SG012",
    honest: broughtBack(
      [{ [retrySpec]: spec({ body: "Other.\n" }) }, { [retrySpec]: done }, { [retrySpec]: null }],
      retrySpec,
      { approvals: [{ date: today }] },
    ),
  },
  {
    name: "bring a deleted spec back behind a second byte order mark",
    evil: {
      history: (git, at) => {
        const { head: base } = chain(git, at, [{ [retrySpec]: null }]);
        return {
          base,
          head: git.commit({ [retrySpec]: `\ufeff\ufeff${spec()}`, [retryFile]: "b\n" }, { parents: [base] }),
        };
      },
    },
    caught: "SG012",
    honest: { head: { [retrySpec]: `\ufeff${spec()}`, [retryFile]: "b\n" } },
  },
  {
    name: "give an approval again that the base had taken back",
    evil: broughtBack([{ [retrySpec]: spec({ approvals: [] }) }], retrySpec, {}),
    caught: "SG012",
    honest: broughtBack([{ [retrySpec]: spec({ approvals: [] }) }], retrySpec, { approvals: [{ date: today }] }),
  },
  {
    name: "copy a spec that the base deleted meanwhile",
    evil: meanwhile({ [retrySpec]: null }, { "tasks/specs/9.md": spec() }),
    caught: "SG012",
    honest: meanwhile({ "docs/notes.md": "x" }, {}),
  },
  {
    name: "touch the title of a spec whose text the base changed meanwhile",
    evil: meanwhile({ [retrySpec]: spec({ body: "Withdrawn.\n" }) }, { [retrySpec]: spec({ title: "Again" }) }),
    caught: "SG012",
    honest: meanwhile({ "docs/notes.md": "x" }, { [retrySpec]: spec({ title: "Again" }) }),
  },
  {
    name: "bring a deleted spec back in the folder to which the policy has moved",
    evil: movedFolder({}),
    caught: "SG012",
    honest: movedFolder({ approvals: [{ date: today }] }),
  },
  {
    name: "bring a spec back from a folder that no policy names which can still be read",
    evil: unreadableFolder({}),
    caught: "SG012",
    honest: unreadableFolder({ approvals: [{ date: today }] }),
  },
  {
    name: "keep a stale spec fresh by an approval of a day to come",
    evil: baseSpec(spec({ approvals: [{ date: "2026-08-01" }, { date: "2030-01-01" }] })),
    caught: "SG008",
    honest: baseSpec(spec({ approvals: [{ date: "2026-11-01" }, { date: "2026-11-20" }] })),
  },
  {
    name: "bring a spec back that a merge took away",
    evil: broughtBackAfterMerge({}),
    caught: "SG012",
    honest: broughtBackAfterMerge({ approvals: [{ date: today }] }),
  },
  {
    name: "renew a stale spec by moving it",
    evil: {
      base: { [retrySpec]: stale },
      head: { [retrySpec]: null, "tasks/specs/moved.md": spec(), [retryFile]: "b\n" },
    },
    caught: "SG012",
    honest: {
      base: { [retrySpec]: stale },
      head: { [retrySpec]: null, "tasks/specs/moved.md": spec({ approvals: [{ date: today }] }), [retryFile]: "b\n" },
    },
  },
  {
    name: "renew a spec that is done by a copy under another id",
    evil: copied({}),
    caught: "SG012",
    honest: copied({ approvals: [{ date: today }] }),
  },
  {
    name: "give the approvals of one spec to another id, which the policy names",
    evil: named({}),
    caught: "SG012",
    honest: named({ approvals: [{ date: today }] }),
  },
  {
    name: "renew a spec that is done by writing another name under its approval",
    evil: {
      base: { [retrySpec]: done },
      head: { [retrySpec]: spec({ approvals: [{ who: "eve@example.com" }] }), [retryFile]: "b\n" },
    },
    caught: "SG012",
    honest: {
      base: { [retrySpec]: done },
      head: { [retrySpec]: spec({ approvals: [{ who: "eve@example.com", date: today }] }), [retryFile]: "b\n" },
    },
  },
  {
    name: "renew a stale spec by an approval that is one day younger",
    evil: {
      base: { [retrySpec]: spec({ last_review: "2026-08-01", approvals: [{ date: "2026-08-01" }] }) },
      head: { [retrySpec]: spec({ approvals: [{ date: "2026-08-02" }] }), [retryFile]: "b\n" },
    },
    caught: "SG012",
    honest: {
      base: { [retrySpec]: spec({ last_review: "2026-08-01", approvals: [{ date: "2026-08-01" }] }) },
      head: { [retrySpec]: spec({ approvals: [{ date: today }] }), [retryFile]: "b\n" },
    },
  },
  {
    name: "land one new date after the other, and never an approval",
    evil: baseSpec(spec({ approvals: [{ date: "2026-10-20" }] })),
    caught: "SG008",
    honest: baseSpec(spec({ approvals: [{ date: "2026-10-22" }] })),
  },
  {
    name: "edit the owners of a stale spec",
    evil: {
      base: { [retrySpec]: stale },
      head: { [retrySpec]: front(stale, "team-core", "team-new"), [retryFile]: "b\n" },
    },
    caught: "SG008",
    honest: { head: { [retrySpec]: front(spec(), "team-core", "team-new"), [retryFile]: "b\n" } },
  },
  {
    name: "date the review 2099",
    evil: withSpec(spec({ last_review: "2099-01-01" })),
    caught: "SG007",
    honest: withSpec(spec({ last_review: "2026-11-21" })),
  },
  {
    name: "date the review tomorrow",
    evil: baseSpec(spec({ last_review: "2026-11-22" })),
    caught: "SG007",
    honest: baseSpec(spec({ last_review: "2026-11-21" })),
  },
  {
    name: "let the review be one day too old",
    evil: baseSpec(spec({ last_review: "2026-10-21" })),
    caught: "SG008",
    honest: baseSpec(spec({ last_review: "2026-10-22" })),
  },
  {
    name: "use a day that does not exist",
    evil: { ...baseSpec(spec({ last_review: "2026-11-31" })), args: ["--now", "2026-12-01"] },
    caught: "SG003",
    honest: { ...baseSpec(spec({ last_review: "2026-11-30" })), args: ["--now", "2026-12-01"] },
  },
  {
    name: "use a leap day in a year without one",
    evil: { ...baseSpec(spec({ last_review: "2027-02-29" })), args: ["--now", "2027-03-01"] },
    caught: "SG003",
    honest: {
      ...baseSpec(spec({ last_review: "2028-02-29", approvals: [{ date: "2028-02-29" }] })),
      args: ["--now", "2028-03-30"],
    },
  },
  {
    name: "count a leap year as one without a leap day",
    evil: { ...baseSpec(spec({ last_review: "2028-02-28" })), args: ["--now", "2028-03-30"] },
    caught: "SG008",
    honest: {
      ...baseSpec(spec({ last_review: "2027-02-28", approvals: [{ date: "2027-02-28" }] })),
      args: ["--now", "2027-03-30"],
    },
  },
  {
    name: "judge in a time zone where it is another day",
    evil: { ...baseSpec(spec({ last_review: "2026-10-22" })), args: ["--now", "2026-11-21T23:30:00-05:00"] },
    caught: "SG008",
    honest: { ...baseSpec(spec({ last_review: "2026-10-22" })), args: ["--now", "2026-11-22T08:30:00+14:00"] },
  },
  {
    name: "write a fresh date into the body of a stale spec",
    evil: baseSpec(spec({ last_review: '"2020-01-01"', body: "last_review: 2026-11-20\n" })),
    caught: "SG008",
    honest: baseSpec(spec({ last_review: '"2026-11-20"', body: "last_review: 2020-01-01\n" })),
  },
  {
    name: "write a fresh date into a comment",
    evil: baseSpec(spec({ last_review: "2020-01-01 # 2026-11-20" })),
    caught: "SG008",
    honest: baseSpec(spec({ last_review: "2026-11-20 # 2020-01-01" })),
  },
  {
    name: "write a date with a time",
    evil: baseSpec(spec({ last_review: "2026-11-20T00:00:00Z" })),
    caught: "SG003",
    honest: baseSpec(spec({ last_review: "'2026-11-20'" })),
  },
  { name: "use a draft", evil: baseSpec(spec({ status: "draft" })), caught: "SG004", honest: honestEdit },
  { name: "use a spec that is done", evil: baseSpec(spec({ status: "done" })), caught: "SG004", honest: honestEdit },
  {
    name: "use a spec that is superseded",
    evil: baseSpec(spec({ status: "superseded" })),
    caught: "SG004",
    honest: honestEdit,
  },
  {
    name: "say approved in a second front matter",
    evil: withSpec(
      front(spec(), "status: approved", "status: draft").replace("# Retry", "---\nstatus: approved\n---\n# Retry"),
    ),
    caught: "SG004",
    honest: withSpec(spec({ body: "---\nstatus: draft\n---\n# Retry\n" })),
  },
  {
    name: "say approved in a second document of YAML",
    evil: withSpec(spec({ status: "draft", more: "--- \nstatus: approved" })),
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "end a line with a break that only some readers know",
    evil: withSpec(spec({ status: "draft", title: "Retry\u0085status: approved" })),
    caught: "SG003",
    honest: withSpec(spec({ title: "Retry\u00a0policy" })),
  },
  {
    name: "write the status in another case",
    evil: baseSpec(spec({ status: "Approved" })),
    caught: "SG003",
    honest: baseSpec(spec({ status: '"approved"' })),
  },
  {
    name: "approve as nobody",
    evil: baseSpec(spec({ approvals: [{ who: "" }] })),
    caught: "SG003",
    honest: honestEdit,
  },
  { name: "approve nothing", evil: baseSpec(spec({ approvals: [] })), caught: "SG005", honest: honestEdit },
  {
    name: "leave out a role of the risk",
    evil: baseSpec(spec({ risk: "high", approvals: [{}, { role: "product" }] })),
    caught: "SG005",
    honest: baseSpec(spec({ risk: "high", approvals: [{}, { role: "product" }, { role: "security" }] })),
  },
  {
    name: "lower the risk after the approval",
    evil: withSpec(front(spec({ risk: "medium" }), "risk: medium", "risk: low")),
    caught: "SG006",
    honest: withSpec(spec({ risk: "low" })),
  },
  {
    name: "edit the body after the approval",
    evil: withSpec(front(spec(), "Three", "Four")),
    caught: "SG006",
    honest: withSpec(spec({ body: "# Retry\n\nFour times.\n" })),
  },
  {
    name: "widen what is covered after the approval",
    evil: { head: { [retrySpec]: front(spec(), "src/retry/**", "src/**"), "src/a.ts": "b\n" } },
    caught: "SG006",
    honest: { head: { [retrySpec]: spec({ covers: "[src/**]" }), "src/a.ts": "b\n" } },
  },
  {
    name: "copy the approval of another spec",
    evil: withSpec(spec({ approvals: [{ spec_sha256: "a".repeat(64) }] })),
    caught: "SG006",
    honest: withSpec(spec()),
  },
  {
    name: "write the role with a Cyrillic letter",
    evil: baseSpec(spec({ approvals: [{ role: "\u0435ngineering" }] })),
    caught: "SG005",
    honest: honestEdit,
  },
  {
    name: "write the role in upper case",
    evil: baseSpec(spec({ approvals: [{ role: "Engineering" }] })),
    caught: "SG005",
    honest: honestEdit,
  },
  {
    name: "date the approval tomorrow",
    evil: baseSpec(spec({ approvals: [{ date: "2026-11-22" }] })),
    caught: "SG007",
    honest: baseSpec(spec({ approvals: [{ date: "2026-11-21" }] })),
  },
  {
    name: "hide an edit of the body behind carriage returns",
    evil: withSpec(front(spec(), "Three times,", "Three times,\r\rFour times,")),
    caught: "SG006",
    honest: withSpec(spec().replaceAll("\n", "\r\n")),
  },
  {
    name: "add text behind a byte order mark",
    evil: withSpec(`\ufeff${front(spec(), "give up.", "give up. Or not.")}`),
    caught: "SG006",
    honest: withSpec(`\ufeff${spec()}`),
  },
  {
    name: "exchange letters of the body for ones that look alike",
    evil: withSpec(front(spec(), "Three", "Thre\u0435")),
    caught: "SG006",
    honest: withSpec(front(spec({ body: "caf\u00e9\n" }), "caf\u00e9", "cafe\u0301")),
  },
  {
    name: "approve one's own spec",
    evil: { ...withSpec(spec({ body: "mine\n" })), author: "Ana <ana@example.com>" },
    caught: "SG011",
    honest: { ...withSpec(spec({ body: "mine\n" })), author: "Cid <cid@example.com>" },
  },
  {
    name: "approve one's own spec under another spelling",
    evil: {
      ...withSpec(spec({ body: "mine\n", approvals: [{ who: "Ana B <ANA+work@Example.com>" }] })),
      author: "A <ana@example.com>",
    },
    caught: "SG011",
    honest: {
      ...withSpec(spec({ body: "mine\n", approvals: [{ who: "Ana <ana@example.com>" }, { who: "cid@example.com" }] })),
      author: "A <ana@example.com>",
    },
  },
  {
    name: "approve one's own spec with a comment behind the address",
    evil: {
      ...withSpec(spec({ body: "mine\n", approvals: [{ who: "ana@example.com (at work)" }] })),
      author: "A <ana@example.com>",
    },
    caught: "SG011",
    honest: {
      ...withSpec(spec({ body: "mine\n", approvals: [{ who: "cid@example.com (at work)" }] })),
      author: "A <ana@example.com>",
    },
  },
  {
    name: "approve one's own spec beside someone who will do so in years",
    evil: {
      ...withSpec(spec({ body: "mine\n", approvals: [{}, { who: "cid@example.com", date: "2030-01-01" }] })),
      author: "A <ana@example.com>",
    },
    caught: "SG011",
    honest: {
      ...withSpec(spec({ body: "mine\n", approvals: [{}, { who: "cid@example.com" }] })),
      author: "A <ana@example.com>",
    },
  },
  {
    name: "approve one's own spec as a member of something",
    evil: {
      ...withSpec(spec({ body: "mine\n", approvals: [{ who: "Ana|eng" }, { who: "«ana@example.com»" }] })),
      author: ana,
    },
    caught: "SG011",
    honest: {
      ...withSpec(spec({ body: "mine\n", approvals: [{ who: "Cid|eng" }] })),
      author: ana,
    },
  },
  {
    name: "write a spec under another ending, and let someone rename it",
    evil: { history: (git, at) => renamedTo(git, at, ana) },
    caught: "SG011",
    honest: { history: (git, at) => renamedTo(git, at, cid) },
  },
  {
    name: "have someone else rename the spec and mend its header in one commit",
    evil: { history: (git, at) => renamedAndMended(git, at, ana) },
    caught: "SG011",
    honest: { history: (git, at) => renamedAndMended(git, at, cid) },
  },
  {
    name: "write a spec, and let someone delete it and bring it back",
    evil: { history: (git, at) => reverted(git, at, ana) },
    caught: "SG011",
    honest: { history: (git, at) => reverted(git, at, cid) },
  },
  {
    name: "renew a stale spec of one's own beside an approval of long ago",
    evil: baseSpec(spec({ approvals: [{ date: "2026-01-01" }, { who: "bo@example.com" }] })),
    caught: "SG011",
    honest: baseSpec(spec({ approvals: [{ date: "2026-01-01" }, { who: "cid@example.com" }] })),
  },
  {
    name: "open a spec of one's own again by one's own approval",
    evil: {
      base: { [retrySpec]: spec({ body: "Twice.\n", status: "done", approvals: [{ date: "2026-11-18" }] }) },
      head: {
        [retrySpec]: spec({ body: "Twice.\n", approvals: [{ date: "2026-11-18" }, { who: "bo@example.com" }] }),
        [retryFile]: "better\n",
      },
    },
    caught: "SG012",
    honest: {
      base: { [retrySpec]: spec({ body: "Twice.\n", status: "done", approvals: [{ date: "2026-11-18" }] }) },
      head: {
        [retrySpec]: spec({ body: "Twice.\n", approvals: [{ date: "2026-11-18" }, { who: "cid@example.com" }] }),
        [retryFile]: "better\n",
      },
    },
  },
  {
    name: "approve one's own spec by a link to oneself",
    evil: {
      ...withSpec(spec({ body: "mine\n", approvals: [{ who: "mailto:ana@example.com" }] })),
      author: "A <ana@example.com>",
    },
    caught: "SG011",
    honest: {
      ...withSpec(spec({ body: "mine\n", approvals: [{ who: "mailto:cid@example.com" }] })),
      author: "A <ana@example.com>",
    },
  },
  {
    name: "write a spec that cannot be read, and let someone mend it",
    evil: { history: (git, at) => mended(git, at, ana) },
    caught: "SG011",
    honest: { history: (git, at) => mended(git, at, cid) },
  },
  {
    name: "hide who wrote a spec behind a merge of another title",
    evil: { history: (git, at) => titled(git, at, ana) },
    caught: "SG011",
    honest: { history: (git, at) => titled(git, at, cid) },
  },
  {
    name: "have one's own body edit followed by someone's touch of the front matter",
    evil: { history: (git, at) => ownBody(git, at, "Ana <ana@example.com>") },
    caught: "SG011",
    honest: { history: (git, at) => ownBody(git, at, "Cid <cid@example.com>") },
  },
  {
    name: "land a spec of one's own on the base while the code waits on its branch",
    evil: { history: (git, at) => landed(git, at, { author: ana }) },
    caught: "SG011",
    honest: { history: (git, at) => landed(git, at, { author: cid }) },
  },
  {
    name: "write into someone's commit by an amendment, and approve that",
    evil: { history: (git, at) => written(git, at, { committer: ana }) },
    caught: "SG011",
    honest: { history: (git, at) => written(git, at, { committer: cid }) },
  },
  {
    name: "have someone move the spec that one wrote and approved",
    evil: { history: (git, at) => moved(git, at, ana) },
    caught: "SG011",
    honest: { history: (git, at) => moved(git, at, cid) },
  },
  {
    name: "cover everything by a list of first letters",
    evil: coversAll(`["{${[..."._0123456789abcdefghijklmnopqrstuvwxyz"].join(",")}}*/**"]`),
    caught: "SG010",
    honest: coversAll('["{src,lib}/**"]'),
  },
  {
    name: "cover every file of one kind at the root",
    evil: coversAll('["*.ts", "src/retry/**"]'),
    caught: "SG010",
    honest: coversAll("[main.ts, src/retry/**]"),
  },
  {
    name: "cover the workflows by the way",
    evil: ownFile(".github/workflows/ci.yml", "[.github/**]"),
    caught: "SG001",
    honest: ownFile(".github/workflows/ci.yml", "[.github/workflows/**]"),
  },
  {
    name: "cover the guard that the team keeps by the way",
    evil: ownFile("tools/spec-guard.mjs", "[tools/**]"),
    caught: "SG001",
    honest: ownFile("tools/spec-guard.mjs", '["{tools,bin}/spec-guard.mjs"]'),
  },
  { name: "cover everything", evil: coversAll('["**"]'), caught: "SG010", honest: coversAll("[src/**]") },
  {
    name: "cover everything in every folder",
    evil: coversAll('["*/**"]'),
    caught: "SG010",
    honest: coversAll("[src/*/**]"),
  },
  {
    name: "cover everything by an alternative",
    evil: coversAll('["{docs,**}/**"]'),
    caught: "SG010",
    honest: coversAll('["{docs,src}/**"]'),
  },
  {
    name: "cover everything by a class of letters",
    evil: coversAll('["[a-z]*/**"]'),
    caught: "SG010",
    honest: coversAll('["src/[a-r]*/**"]'),
  },
  { name: "cover by a negated glob", evil: coversAll('["!docs/**"]'), caught: "SG003", honest: coversAll("[src/**]") },
  {
    name: "cover by climbing out and in",
    evil: coversAll("[docs/../src/**]"),
    caught: "SG003",
    honest: coversAll("[src/**]"),
  },
  { name: "cover by an absolute path", evil: coversAll("[/src/**]"), caught: "SG003", honest: coversAll("[src/**]") },
  {
    name: "cover by an extended glob",
    evil: coversAll('["@(src|lib)/**"]'),
    caught: "SG003",
    honest: coversAll('["{src,lib}/**"]'),
  },
  {
    name: "cover the folder in another case",
    evil: coversAll("[SRC/**]"),
    caught: "SG001",
    honest: coversAll("[src/**]"),
  },
  {
    name: "cover a part of a name as if it were a folder",
    evil: coversAll('["src/ret*"]'),
    caught: "SG001",
    honest: coversAll('["src/ret*/**"]'),
  },
  { name: "cover nothing", evil: coversAll("[]"), caught: "SG003", honest: coversAll("[src/retry/retry.ts]") },
  {
    name: "set a key twice",
    evil: withSpec(spec({ status: "draft", more: "status: approved" })),
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "use an anchor and an alias",
    evil: withSpec(front(spec(), "[team-core]", "&o [team-core]")),
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "use a merge key",
    evil: withSpec(spec({ more: "<<: {status: approved}" })),
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "use a tag",
    evil: withSpec(front(spec(), "risk: low", "risk: !!str low")),
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "use a directive",
    evil: withSpec(front(spec(), "---\n", "---\n%YAML 1.1\n")),
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "use a key that nobody knows",
    evil: withSpec(spec({ more: "override: true" })),
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "use a number as the id",
    evil: withSpec(spec({ id: "7" })),
    caught: "SG003",
    honest: withSpec(spec({ id: "'7'", approvals: [{ date: today }] })),
  },
  {
    name: "bomb the YAML parser",
    evil: withSpec(front(spec(), "title: Retry policy", `title: ${"[".repeat(20_000)}`)),
    caught: "SG003",
    honest: withSpec(spec({ title: `'${"[".repeat(100)}'` })),
  },
  {
    name: "bomb the YAML parser by aliases of aliases",
    evil: withSpec(spec({ more: "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]" })),
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "bomb the globs by alternatives of alternatives",
    evil: coversAll(`["src/${"{a,b}".repeat(40)}/**"]`),
    caught: "SG003",
    honest: coversAll('["src/{retry,backoff}/**"]'),
  },
  {
    name: "make the globs slow by many stars",
    evil: coversAll(`["src/${"*a".repeat(100)}/**/${"**/".repeat(50)}x"]`),
    caught: "SG001",
    honest: coversAll(`["src/${"*".repeat(1)}etry/**"]`),
  },
  {
    name: "write a spec of 10 MB",
    evil: withSpec(spec({ body: "x".repeat(10_000_000) })),
    caught: "SG003",
    honest: withSpec(spec({ body: "x".repeat(500_000) })),
  },
  {
    name: "write a spec that is no UTF-8",
    evil: {
      head: {
        [retrySpec]: { mode: "100644", data: Buffer.concat([Buffer.from(spec()), Buffer.from([0xff])]) },
        [retryFile]: "b\n",
      },
    },
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "write a spec in UTF-16",
    evil: {
      head: { [retrySpec]: { mode: "100644", data: Buffer.from(`\ufeff${spec()}`, "utf16le") }, [retryFile]: "b\n" },
    },
    caught: "SG003",
    honest: withSpec(spec()),
  },
  { name: "leave out the front matter", evil: withSpec("# Retry\n"), caught: "SG003", honest: withSpec(spec()) },
  {
    name: "indent the line that opens the front matter",
    evil: withSpec(` ${spec()}`),
    caught: "SG003",
    honest: withSpec(spec()),
  },
  {
    name: "give two specs one id",
    evil: { head: { "tasks/specs/copy.md": spec(), [retryFile]: "b\n" } },
    caught: "SG009",
    honest: { head: { "tasks/specs/copy.md": spec({ id: "0008-other" }), [retryFile]: "b\n" } },
  },
  {
    name: "take the id of a spec that the policy names",
    evil: {
      base: { "spec-guard.yaml": policy.replace("specs: any", "specs: [0007-retry]") },
      head: { "tasks/specs/copy.md": spec({ covers: "[src/**]" }), "src/a.ts": "b\n" },
    },
    caught: "SG009",
    honest: {
      base: { "spec-guard.yaml": policy.replace("specs: any", "specs: [0007-retry]") },
      head: { [retryFile]: "b\n" },
    },
  },
  {
    name: "use an approved spec that the policy does not name",
    evil: {
      base: { "spec-guard.yaml": policy.replace("specs: any", "specs: [0001-core]") },
      head: { [retryFile]: "b\n" },
    },
    caught: "SG001",
    honest: {
      base: { "spec-guard.yaml": policy.replace("specs: any", "specs: any-linked") },
      head: { [retryFile]: "b\n" },
    },
  },
];

function ownBody(git: GitHistory, at: number, author: string) {
  const body = git.commit(
    { [retrySpec]: spec({ body: "new\n", approvals: [] }), [retryFile]: "b\n" },
    { parents: [at], author },
  );
  const head = git.commit({ [retrySpec]: spec({ body: "new\n" }) }, { parents: [body], author: "Bo <bo@example.com>" });
  return { base: at, head };
}

const mine = spec({ body: "mine\n" });

/** The spec lands on the base alone, after the branch with the code parted from it. */
function landed(git: GitHistory, at: number, options: CommitOptions) {
  const base = git.commit({ [retrySpec]: mine }, { parents: [at], ...options });
  return { base, head: git.commit({ [retryFile]: "b\n" }, { parents: [at] }) };
}

function written(git: GitHistory, at: number, options: CommitOptions) {
  return { base: at, head: git.commit({ [retrySpec]: mine, [retryFile]: "b\n" }, { parents: [at], ...options }) };
}

/** Someone else moves the spec, and edits its title on the way. */
function moved(git: GitHistory, at: number, author: string) {
  const own = git.commit({ [retrySpec]: mine }, { parents: [at], author });
  const elsewhere = spec({ body: "mine\n", title: "Elsewhere" });
  const edits = { [retrySpec]: null, "tasks/specs/moved.md": elsewhere, [retryFile]: "b\n" };
  return { base: at, head: git.commit(edits, { parents: [own] }) };
}

function ownFile(path: string, covers: string): Variant {
  return { base: { "tasks/specs/o.md": spec({ id: "o", covers }) }, head: { [path]: "x\n" } };
}

const folderPolicy = "version: 1\nspecs: specs\ncontrolled: [{paths: [lib/**]}]\n";

function folderSpec(path: string): Variant {
  const text = spec({ id: "wide", covers: "[src/**, pkg/a/**]" });
  return { base: { "pkg/a/spec-guard.yaml": folderPolicy, "pkg/a/specs/wide.md": text }, head: { [path]: "b\n" } };
}

/** A base with a folder's policy alone, and a change that brings the root's. */
function firstRoot(path: string): Variant {
  const base = { "spec-guard.yaml": null, "pkg/a/spec-guard.yaml": folderPolicy };
  return { base, head: { "spec-guard.yaml": policy, [path]: "version: 1\n" } };
}

const policies: readonly Bypass[] = [
  {
    name: "delete the policy",
    evil: { head: { "spec-guard.yaml": null, "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: honestEdit,
  },
  {
    name: "delete the policy of a folder",
    evil: {
      base: { "pkg/a/spec-guard.yaml": "version: 1\ncontrolled: [{paths: [lib/**]}]\n" },
      head: { "pkg/a/spec-guard.yaml": null },
    },
    caught: "SG001",
    honest: honestEdit,
  },
  {
    name: "hide the policy behind the line ends of Windows",
    evil: { base: { "spec-guard.yaml": `\ufeff${policy.replaceAll("\n", "\r\n")}` }, head: { "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: { base: { "spec-guard.yaml": `\ufeff${policy.replaceAll("\n", "\r\n")}` }, head: { [retryFile]: "b\n" } },
  },
  {
    name: "loosen the policy in the same change",
    evil: { head: { "spec-guard.yaml": policy.replace("src/**", "lib/**"), "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: {
      base: { "tasks/specs/p.md": spec({ id: "p", covers: "[spec-guard.yaml]" }) },
      head: { "spec-guard.yaml": policy.replace("30", "20") },
    },
  },
  {
    name: "loosen the policy alone",
    evil: { head: { "spec-guard.yaml": policy.replace("30", "3650") } },
    caught: "SG001",
    honest: honestDocs,
  },
  {
    name: "bring a policy of another case",
    evil: { head: { "Spec-Guard.YAML": policy } },
    caught: "SG001",
    honest: honestDocs,
  },
  {
    name: "edit the workflow that runs the guard",
    evil: { head: { ".github/workflows/ci.yml": "on: []\n" } },
    caught: "SG001",
    honest: { head: { ".github/ISSUE_TEMPLATE.md": "hi\n" } },
  },
  {
    name: "add a workflow in a folder of another case",
    evil: { head: { ".GitHub/Workflows/other.yml": "x" } },
    caught: "SG001",
    honest: honestDocs,
  },
  {
    name: "replace the folder of the workflows by a link",
    evil: { head: { ".github/workflows/ci.yml": null, ".github/workflows": link("../docs") } },
    caught: "SG013",
    honest: honestDocs,
  },
  {
    name: "exchange the hook that a pre-commit tool runs",
    evil: { head: { ".pre-commit-config.yaml": "repos: []\n" } },
    caught: "SG001",
    honest: honestDocs,
  },
  {
    name: "add an action",
    evil: { head: { ".github/actions/guard/action.yml": "x" } },
    caught: "SG001",
    honest: honestDocs,
  },
  {
    name: "edit the pipeline of GitLab",
    evil: { head: { ".gitlab-ci.yml": "x" } },
    caught: "SG001",
    honest: honestDocs,
  },
  ...[
    "Jenkinsfile",
    "deploy/Jenkinsfile",
    ".circleci/config.yml",
    "azure-pipelines.yml",
    ".buildkite/pipeline.yml",
    "bitbucket-pipelines.yml",
    ".gitlab/ci/build.yml",
    ".gitlab-ci.yaml",
    ".drone.yml",
    ".woodpecker/test.yml",
    ".husky/pre-commit",
    "lefthook.yml",
    ".config/lefthook.toml",
    ".forgejo/workflows/a.yml",
  ].map(
    (file): Bypass => ({
      name: `switch the guard off in ${file}`,
      evil: { head: { [file]: "x" } },
      caught: "SG001",
      honest: { head: { "docs/Jenkinsfile.md": "x" } },
    }),
  ),
  {
    name: "edit the script that starts the guard, which the policy names",
    evil: { base: withPolicy("own_files: [ci/**]\n"), head: { "ci/run": "true" } },
    caught: "SG001",
    honest: { base: withPolicy("own_files: [ci/**]\n"), head: { "docs/run": "true" } },
  },
  {
    name: "waive the script that starts the guard",
    evil: {
      base: { ...withPolicy("own_files: [ci/**]\n"), "tasks/waivers/w1.yaml": waiverText({ scope: "[ci/**]" }) },
      head: { "ci/run": "true" },
    },
    caught: "SG001",
    honest: {
      base: { ...withPolicy("own_files: [ci/**]\n"), "tasks/waivers/w1.yaml": waiverText({ scope: "[src/**]" }) },
      head: { "src/a.ts": "b\n" },
    },
  },
  {
    name: "control a folder by its bare name, and so nothing",
    evil: { base: { "spec-guard.yaml": policy.replace("src/**", "src") }, head: { "src/a.ts": "b\n" } },
    caught: "SG062",
    honest: { base: { "spec-guard.yaml": policy.replace("src/**", "src/a.ts") }, head: { "docs/notes.md": "b\n" } },
  },
  {
    name: "name the guard's own folder without what is in it",
    evil: { base: withPolicy("own_files: [ci]\n"), head: { "ci/run": "true" } },
    caught: "SG062",
    honest: { base: withPolicy("own_files: [ci/**]\n"), head: { "docs/run": "true" } },
  },
  {
    name: "look for checklists in a folder without what is in it",
    evil: { base: withPolicy("checklists: {files: [tasks]}\n"), head: { "docs/run": "true" } },
    caught: "SG062",
    honest: { base: withPolicy("checklists: {files: ['tasks/**']}\n"), head: { "docs/run": "true" } },
  },
  {
    name: "put a file where the policy looks for a folder",
    evil: { head: { "tasks/waivers": "none\n" } },
    caught: "SG062",
    honest: { base: { "tasks/waivers/README.md": "none\n" }, head: { [retryFile]: "better\n" } },
  },
  {
    name: "control one level of a folder by three stars",
    evil: { base: { "spec-guard.yaml": policy.replace("src/**", "src/***") }, head: { "src/retry/new.ts": "b\n" } },
    caught: "SG062",
    honest: { base: { "spec-guard.yaml": policy.replace("src/**", "src/**/*.ts") }, head: honestEdit.head ?? {} },
  },
  {
    name: "bring a policy that controls a folder by its bare name",
    evil: {
      base: { "spec-guard.yaml": null },
      head: { "spec-guard.yaml": policy.replace("src/**", "src/retry") },
    },
    caught: "SG062",
    honest: { base: { "spec-guard.yaml": null }, head: { "spec-guard.yaml": policy } },
  },
  {
    name: "make oneself a code owner",
    evil: { head: { ".github/CODEOWNERS": "* @me" } },
    caught: "SG001",
    honest: {
      base: { "tasks/specs/o.md": spec({ id: "o", covers: "[.github/CODEOWNERS]" }) },
      head: { ".github/CODEOWNERS": "* @team" },
    },
  },
  {
    name: "make oneself a code owner at the root",
    evil: { head: { CODEOWNERS: "* @me" } },
    caught: "SG001",
    honest: { head: { "docs/OWNERS": "* @team" } },
  },
  {
    name: "exchange the guard that the team keeps in its repository",
    evil: { head: { "tools/spec-guard.mjs": "process.exit(0)" } },
    caught: "SG001",
    honest: { head: { "tools/other.mjs": "" } },
  },
  {
    name: "leave a policy behind that cannot be read",
    evil: {
      base: { "tasks/specs/p.md": spec({ id: "p", covers: "[spec-guard.yaml]" }) },
      head: { "spec-guard.yaml": "version: 2\n" },
    },
    caught: "SG060",
    honest: {
      base: { "tasks/specs/p.md": spec({ id: "p", covers: "[spec-guard.yaml]" }) },
      head: { "spec-guard.yaml": `${policy}# more\n` },
    },
  },
  {
    name: "judge by a policy that cannot be read",
    evil: { base: { "spec-guard.yaml": "version: 1\ncontroled: []\n" }, head: { "src/a.ts": "b\n" } },
    caught: "unknown field",
    honest: honestEdit,
  },
  {
    name: "judge by a policy with an alias",
    evil: { base: { "spec-guard.yaml": "version: &v 1\n" }, head: { "src/a.ts": "b\n" } },
    caught: "anchor",
    honest: honestEdit,
  },
  {
    name: "judge by a policy that is a link",
    evil: { base: { "spec-guard.yaml": link("docs/notes.md") }, head: { "src/a.ts": "b\n" } },
    caught: "not a regular file",
    honest: honestEdit,
  },
  {
    name: "judge without any policy",
    evil: { base: { "spec-guard.yaml": null }, head: { "src/a.ts": "b\n" } },
    caught: "has no spec-guard.yaml",
    honest: { base: { "spec-guard.yaml": null }, head: { "spec-guard.yaml": policy } },
  },
  {
    name: "loosen the policy for one folder",
    evil: {
      base: { "src/retry/spec-guard.yaml": "version: 1\nmax_review_age_days: 3650\n", [retrySpec]: stale },
      head: { [retryFile]: "b\n" },
    },
    caught: "SG008",
    honest: {
      base: { "src/retry/spec-guard.yaml": "version: 1\nmax_review_age_days: 3650\n" },
      head: { [retryFile]: "b\n" },
    },
  },
  {
    name: "ignore what the policy of a folder adds",
    evil: {
      base: { "pkg/a/spec-guard.yaml": "version: 1\ncontrolled: [{paths: [lib/**]}]\n" },
      head: { "pkg/a/lib/x.ts": "" },
    },
    caught: "SG001",
    honest: {
      base: { "pkg/a/spec-guard.yaml": "version: 1\ncontrolled: [{paths: [lib/**]}]\n" },
      head: { "pkg/b/lib/x.ts": "" },
    },
  },
  {
    name: "ignore the shorter age of a folder's policy",
    evil: {
      base: {
        "src/retry/spec-guard.yaml": "version: 1\nmax_review_age_days: 5\n",
        [retrySpec]: spec({ last_review: "2026-11-10" }),
      },
      head: { [retryFile]: "b\n" },
    },
    caught: "SG008",
    honest: {
      base: {
        "src/spec-guard.yaml": "version: 1\nmax_review_age_days: 5\n",
        [retrySpec]: spec({ last_review: "2026-11-18" }),
      },
      head: { [retryFile]: "b\n" },
    },
  },
  {
    name: "ignore a role that a folder's policy adds",
    evil: {
      base: { "src/retry/spec-guard.yaml": "version: 1\napprovals: {low: [security]}\n" },
      head: { [retryFile]: "b\n" },
    },
    caught: "SG005",
    honest: {
      base: {
        "src/retry/spec-guard.yaml": "version: 1\napprovals: {low: [security]}\n",
        [retrySpec]: spec({ approvals: [{}, { role: "security" }] }),
      },
      head: { [retryFile]: "b\n" },
    },
  },
  ...["registry: src/index.json", "mirrors: [{source: a, copy: b}]", "checklists: {files: [src/*.md]}"].map(
    (field): Bypass => ({
      name: `ask for what nobody looks at by a folder's policy with ${field}`,
      evil: { base: { "src/spec-guard.yaml": `version: 1\n${field}\n` }, head: { [retryFile]: "b\n" } },
      caught: "only the policy of the repository's root",
      honest: { base: { "src/spec-guard.yaml": "version: 1\nspecs: specs\n" }, head: { [retryFile]: "b\n" } },
    }),
  ),
  {
    name: "let a spec of one folder speak for the rest",
    evil: folderSpec("src/a.ts"),
    caught: "SG001",
    honest: folderSpec("pkg/a/lib/x.ts"),
  },
  {
    name: "bring the first policy of the root to be rid of that of a folder",
    evil: firstRoot("pkg/a/lib/x.ts"),
    caught: "SG001",
    honest: firstRoot("pkg/a/docs/x.md"),
  },
  {
    name: "delete the policy of a folder with the first one of the root",
    evil: firstRoot("pkg/a/spec-guard.yaml"),
    caught: "SG001",
    honest: firstRoot("pkg/b/spec-guard.txt"),
  },
  {
    name: "allow waivers by a folder's policy",
    evil: { base: { "src/spec-guard.yaml": "version: 1\nwaivers: src/waivers\n" }, head: { "src/a.ts": "b\n" } },
    caught: "only the policy of the repository's root",
    honest: honestEdit,
  },
];

interface WaiverParts {
  readonly id?: string;
  readonly scope?: string;
  readonly expires?: string;
  readonly owner?: string;
}

function waiverText(more: WaiverParts = {}): string {
  const { id = "w1", scope = "[src/a.ts]", expires = "2026-12-01", owner = "owner: ana@example.com" } = more;
  return `id: ${id}\n${owner}\nreason: the incident of last week\nscope: ${scope}\nexpires: ${expires}\n`;
}

function waiver(more: WaiverParts = {}): Edits {
  return { "tasks/waivers/w1.yaml": waiverText(more) };
}
const waived: Variant = { base: waiver(), head: { "src/a.ts": "b\n" } };

const waivers: readonly Bypass[] = [
  {
    name: "bring one's own waiver",
    evil: { head: { ...waiver(), "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: waived,
  },
  {
    name: "use a waiver that has expired",
    evil: { base: waiver({ expires: "2026-11-20" }), head: { "src/a.ts": "b\n" } },
    caught: "SG051",
    honest: { base: waiver({ expires: "2026-11-21" }), head: { "src/a.ts": "b\n" } },
  },
  {
    name: "let an expired waiver lie",
    evil: { base: waiver({ expires: "2026-11-20" }), head: { "docs/notes.md": "x" } },
    caught: "SG051",
    honest: { base: waiver({ expires: "2026-11-20" }), head: { "tasks/waivers/w1.yaml": null } },
  },
  {
    name: "let a waiver last for ever",
    evil: { base: waiver({ expires: "2099-01-01" }), head: { "src/a.ts": "b\n" } },
    caught: "SG050",
    honest: { base: waiver({ expires: "2026-12-21" }), head: { "src/a.ts": "b\n" } },
  },
  {
    name: "write a waiver without an owner",
    evil: { base: waiver({ owner: "" }), head: { "docs/notes.md": "x" } },
    caught: "SG050",
    honest: waived,
  },
  {
    name: "prolong a waiver in the change that uses it",
    evil: { base: waiver(), head: { ...waiver({ expires: "2026-12-15" }), "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: waived,
  },
  {
    name: "widen a waiver in the change that uses it",
    evil: { base: waiver({ scope: "[src/b.ts]" }), head: { ...waiver(), "src/a.ts": "b\n" } },
    caught: "SG001",
    honest: waived,
  },
  {
    name: "lift the control of the policy by a waiver",
    evil: { base: waiver({ scope: "[spec-guard.yaml, src/a.ts]" }), head: { "spec-guard.yaml": `${policy}# x\n` } },
    caught: "SG001",
    honest: { base: waiver({ scope: "[spec-guard.yaml, src/a.ts]" }), head: { "src/a.ts": "b\n" } },
  },
  {
    name: "lift the control of other waivers by a waiver",
    evil: {
      base: waiver({ scope: "[tasks/**]" }),
      head: { "tasks/waivers/w2.yaml": waiverText({ id: "w2" }) },
    },
    caught: "SG001",
    honest: waived,
  },
  {
    name: "use a waiver that lies beside the folder of waivers",
    evil: {
      base: { "tasks/waivers-old/w1.yaml": waiver()["tasks/waivers/w1.yaml"] ?? "" },
      head: { "src/a.ts": "b\n" },
    },
    caught: "SG001",
    honest: waived,
  },
  {
    name: "use a waiver where the policy knows none",
    evil: {
      base: { ...waiver(), "spec-guard.yaml": policy.replace("waivers: tasks/waivers\n", "") },
      head: { "src/a.ts": "b\n" },
    },
    caught: "SG001",
    honest: waived,
  },
  {
    name: "make a waiver a link",
    evil: {
      base: {
        "docs/w1.yaml": waiver()["tasks/waivers/w1.yaml"] ?? "",
        "tasks/waivers/w1.yaml": link("../../docs/w1.yaml"),
      },
      head: { "src/a.ts": "b\n" },
    },
    caught: "SG050",
    honest: waived,
  },
  {
    name: "waive everything",
    evil: { base: waiver({ scope: '["**"]' }), head: { "src/a.ts": "b\n" } },
    caught: "SG050",
    honest: { base: waiver({ scope: "[src/**]" }), head: { "src/a.ts": "b\n" } },
  },
  {
    name: "give two waivers one id, so that one hides the other",
    evil: {
      base: { ...waiver(), "tasks/waivers/w2.yaml": waiverText({ scope: "[src/b.ts]" }) },
      head: { "src/a.ts": "b\n" },
    },
    caught: "SG050",
    honest: {
      base: { ...waiver(), "tasks/waivers/w2.yaml": waiverText({ id: "w2", scope: "[src/b.ts]" }) },
      head: { "src/a.ts": "b\n" },
    },
  },
  {
    name: "waive by a glob that is negated",
    evil: { base: waiver({ scope: '["!docs/**"]' }), head: { "src/a.ts": "b\n" } },
    caught: "SG050",
    honest: waived,
  },
  {
    name: "use a waiver for a file beside its scope",
    evil: { base: waiver(), head: { "src/b.ts": "b\n" } },
    caught: "SG001",
    honest: waived,
  },
];

const index = (items: unknown[], listed: unknown[]) => JSON.stringify({ items, specs: listed });
const item = { id: "0007-retry", path: "tasks/0007-retry.md", status: "in_progress" };
const listed = {
  id: "0007-retry",
  path: retrySpec,
  title: "Retry policy",
  status: "approved",
  last_review: "2026-11-20",
};
const registry = (text: string): Variant => ({
  base: withPolicy("registry: tasks/index.json\n"),
  head: { "tasks/index.json": text, "docs/notes.md": "x" },
});
const sound = registry(index([item], [listed]));

const registries: readonly Bypass[] = [
  {
    name: "name a registry that is not there",
    evil: { base: withPolicy("registry: tasks/index.json\n"), head: { "docs/notes.md": "x" } },
    caught: "SG020",
    honest: sound,
  },
  {
    name: "touch the white space of the registry and change the code",
    evil: {
      base: { ...withPolicy("registry: tasks/index.json\n"), "tasks/index.json": index([item], [listed]) },
      head: { "tasks/index.json": `${index([item], [listed])}\n\n`, "src/a.ts": "b\n" },
    },
    caught: "SG001",
    honest: {
      base: { ...withPolicy("registry: tasks/index.json\n"), "tasks/index.json": index([item], [listed]) },
      head: { "tasks/index.json": `${index([item], [listed])}\n\n`, [retryFile]: "b\n" },
    },
  },
  {
    name: "list a path twice under two ids",
    evil: registry(index([item], [listed, { ...listed, id: "other" }])),
    caught: "SG024",
    honest: sound,
  },
  {
    name: "set a list of the registry twice",
    evil: registry(`{"specs": [], "items": ${JSON.stringify([item])}, "specs": ${JSON.stringify([listed])}}`),
    caught: "SG020",
    honest: sound,
  },
  { name: "break the registry", evil: registry("{"), caught: "SG020", honest: sound },
  {
    name: "list a spec that is not there",
    evil: registry(index([item], [listed, { ...listed, id: "x", path: "tasks/specs/x.md" }])),
    caught: "SG021",
    honest: sound,
  },
  { name: "leave a spec out of the registry", evil: registry(index([item], [])), caught: "SG022", honest: sound },
  { name: "leave a task out of the registry", evil: registry(index([], [listed])), caught: "SG022", honest: sound },
  {
    name: "relate a spec to a task that is not there",
    evil: { ...sound, base: { ...sound.base, [retrySpec]: spec({ relates_to: "tasks/none.md" }) } },
    caught: "SG022",
    honest: sound,
  },
  {
    name: "let the registry say approved of a draft",
    evil: { ...sound, base: { ...sound.base, [retrySpec]: spec({ status: "draft" }) } },
    caught: "SG023",
    honest: sound,
  },
  {
    name: "let the registry say another review date",
    evil: registry(index([item], [{ ...listed, last_review: "2026-11-21" }])),
    caught: "SG023",
    honest: sound,
  },
  {
    name: "leave the status of a spec out of the registry",
    evil: registry(index([item], [{ ...listed, status: undefined }])),
    caught: "SG023",
    honest: sound,
  },
  {
    name: "leave the review date of a spec out of the registry",
    evil: registry(index([item], [{ ...listed, last_review: undefined }])),
    caught: "SG023",
    honest: sound,
  },
  {
    name: "leave the status of a task out of the registry",
    evil: registry(index([{ ...item, status: undefined }], [listed])),
    caught: "SG023",
    honest: sound,
  },
  {
    name: "leave a task without an id out of the registry",
    evil: { ...sound, base: { ...sound.base, "tasks/8.md": "- [ ] more\n" } },
    caught: "SG022",
    honest: { ...sound, base: { ...sound.base, "tasks/README.md": "What lies here.\n" } },
  },
  {
    name: "close a task with open items",
    evil: registry(index([{ ...item, status: "done" }], [listed])),
    caught: "SG023",
    honest: sound,
  },
  {
    name: "list an id twice",
    evil: registry(index([item, { ...item, title: "again" }], [listed])),
    caught: "SG024",
    honest: sound,
  },
];

const mirror = "mirrors: [{source: docs/notes.md, copy: site/notes.md}]\n";
const mirrors: readonly Bypass[] = [
  {
    name: "edit the source of a mirror alone",
    evil: { base: { ...withPolicy(mirror), "site/notes.md": "notes\n" }, head: { "docs/notes.md": "x" } },
    caught: "SG040",
    honest: {
      base: { ...withPolicy(mirror), "site/notes.md": "notes\n" },
      head: { "docs/notes.md": "x", "site/notes.md": "x" },
    },
  },
  {
    name: "delete the copy of a mirror",
    evil: { base: { ...withPolicy(mirror), "site/notes.md": "notes\n" }, head: { "site/notes.md": null } },
    caught: "SG040",
    honest: { base: { ...withPolicy(mirror), "site/notes.md": "notes\n" }, head: { "src/retry/retry.ts": "b\n" } },
  },
  {
    name: "make the copy of a mirror a link",
    evil: { base: withPolicy(mirror), head: { "site/notes.md": link("../docs/notes.md") } },
    caught: "SG040",
    honest: { base: withPolicy(mirror), head: { "site/notes.md": "notes\n" } },
  },
];

/** Ways around that lie in the commits. Those of the working copy and the environment are in `worktree-bypasses.test.ts`. */
export const bypasses: readonly Bypass[] = [
  ...changes,
  ...histories,
  ...specs,
  ...policies,
  ...waivers,
  ...registries,
  ...mirrors,
];
