import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { guardMain } from "../../orchestrator/cli/guard/guard-main.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { signManifest } from "../../orchestrator/runs/manifest-signature.ts";
import type { RunManifest } from "../../orchestrator/schema/run-manifest.ts";
import { start } from "./bypass-table.ts";
import { createHistory, type Edits, removeFolder, runGit, today } from "./git-history.ts";
import { type RunCommits, sampleManifest } from "./sample-manifest.ts";

/** Commits that a manifest can name, one of them on another branch. */
interface Ids extends RunCommits {
  readonly foreign: string;
  readonly foreignTree: string;
}

interface ChecklistBypass {
  readonly name: string;
  readonly caught: `SG${string}`;
  readonly evil: (ids: Ids) => Edits;
  /** True where the policy asks for signatures. */
  readonly signed?: boolean;
  /** Left out: what is checked has evidence that is sound. */
  readonly honest?: (ids: Ids) => Edits;
}

const taskFile = "tasks/0007-retry.md";
const evidenceFile = "tasks/evidence/r1.json";
const task = (...lines: readonly string[]) => `---\nid: 0007-retry\ntitle: Retry\n---\n\n${lines.join("\n")}\n`;
const manifest = (ids: Ids, more: Partial<RunManifest> = {}) => JSON.stringify(sampleManifest(ids, more));
const linked = (text: string, target = "evidence/r1.json", pinned = sha256(text)) =>
  `- [x] retry ([r1](${target} "sha256:${pinned}"))`;
const sound = (ids: Ids): Edits => ({ [taskFile]: task(linked(manifest(ids))), [evidenceFile]: manifest(ids) });
const shows = (text: string): Edits => ({ [taskFile]: task(linked(text)), [evidenceFile]: text });
const says = (more: (ids: Ids) => Partial<RunManifest>) => (ids: Ids) => shows(manifest(ids, more(ids)));
const names = (more: (ids: Ids) => Partial<Ids>) => (ids: Ids) => shows(manifest({ ...ids, ...more(ids) }));
const gatesOf = (ids: Ids) => sampleManifest(ids).gates;
const signedBy = (key: KeyObject, ids: Ids, text = manifest(ids)): Edits => ({
  "tasks/evidence/r1.dsse.json": signManifest(
    { keyId: "k", sign: (bytes) => sign(null, bytes, key) },
    sampleManifest(ids),
    text,
  ),
});
const ours = generateKeyPairSync("ed25519");
const theirs = generateKeyPairSync("ed25519");
const line = (write: (text: string) => string) => (ids: Ids) => ({
  ...sound(ids),
  [taskFile]: task(write(manifest(ids))),
});
const lines = (...written: readonly string[]) => ({ [taskFile]: task(...written) });
const beside = (edits: Edits): Edits => ({ [taskFile]: task(), ...edits });

const cases: readonly ChecklistBypass[] = [
  { name: "check an item off without a link", caught: "SG030", evil: () => lines("- [x] retry") },
  { name: "check it off with a capital letter", caught: "SG030", evil: () => lines("- [X] retry") },
  { name: "check it off in a numbered list", caught: "SG030", evil: () => lines("1) [x] retry") },
  { name: "check it off in a quotation", caught: "SG030", evil: () => lines("> * [x] retry") },
  { name: "check it off deep in a list", caught: "SG030", evil: () => lines("- a", "    + [x] retry") },
  {
    name: "check it off behind a fence that is closed",
    caught: "SG030",
    evil: () => lines("```", "- [x] code", "```", "- [x] retry"),
    honest: () => lines("```", "- [x] code", "```", "- [ ] retry"),
  },
  {
    name: "check it off in a list within a line",
    caught: "SG030",
    evil: () => lines("- > 1. [x] retry"),
  },
  {
    name: "put the box into the line after the mark of the list",
    caught: "SG030",
    evil: () => lines("-", "  [x] retry"),
    honest: () => lines("-", "  [ ] retry", "", "[x] is how a box is checked off"),
  },
  {
    name: "put the box into the line after a numbered mark in a quotation",
    caught: "SG030",
    evil: () => lines("> 1. ", ">    [x] retry"),
    honest: () => lines("> [x] is how a box is checked off"),
  },
  {
    name: "hide it behind a fence in a comment of MDX",
    caught: "SG030",
    evil: () => lines("{/*", "```", "*/}", "- [x] retry", "{/*", "```", "*/}"),
    honest: () => lines("{/* a note */}", "- [ ] retry"),
  },
  {
    name: "hide it behind a fence in what MDX exports",
    caught: "SG030",
    evil: () => lines("export const a = /*", "```", "*/ 1", "", "- [x] retry", "", "```"),
    honest: () => lines("exported, and so important", "", "```", "- [x] code", "```"),
  },
  {
    name: "hide it behind a fence that is code itself",
    caught: "SG030",
    evil: () => lines("    ```", "- [x] retry"),
    honest: () => lines("~~~", "- [x] code", "~~~"),
  },
  {
    name: "hide it behind a fence that only seems to be closed",
    caught: "SG030",
    evil: () => lines("```", "```\u00a0", "```", "- [x] retry", "```", "```"),
    honest: () => lines("```", "``` \t", "```", "- [x] code", "```"),
  },
  {
    name: "hide it behind a fence that its list has ended",
    caught: "SG030",
    evil: () => lines("- a", "  ```", "- [x] retry", "```"),
    honest: () => lines("````md", "```", "- [x] code", "```", "````"),
  },
  {
    name: "hide it behind a fence in a comment",
    caught: "SG030",
    evil: () => lines("<!--", "```", "-->", "- [x] retry"),
    honest: () => lines("<!-- a note -->", "- [ ] retry"),
  },
  {
    name: "hide it behind a fence in the front matter",
    caught: "SG030",
    evil: () => ({ [taskFile]: "---\nid: t1\nnote:\n```\n---\n\n- [x] retry\n\n```\n" }),
    honest: () => ({ [taskFile]: "---\nid: t1\nnote: none\n---\n\n```\n- [x] code\n```\n" }),
  },
  {
    name: "hide it behind a fence in front matter that begins with a blank too many",
    caught: "SG030",
    evil: () => ({ [taskFile]: "--- \nid: t1\nnote:\n```\n---\n\n- [x] retry\n\n```\n" }),
    honest: () => ({ [taskFile]: "--- \nid: t1\nnote: none\n---\n\n- [ ] retry\n" }),
  },
  {
    name: "hide it behind a fence in front matter that ends with dots",
    caught: "SG030",
    evil: () => ({ [taskFile]: "---\nid: t1\nnote:\n```\n...\n\n- [x] retry\n\n```\n" }),
    honest: () => ({ [taskFile]: "---\nid: t1\n...\n\n- [ ] retry\n" }),
  },
  {
    name: "end the item with a line break that only some readers know",
    caught: "SG030",
    evil: () => lines("- [x] retry\u2028"),
    honest: () => lines("- [ ] retry\u2028"),
  },
  {
    name: "check it off in a file whose name ends in capitals",
    caught: "SG030",
    evil: () => beside({ "tasks/a.MD": task("- [x] retry") }),
    honest: () => beside({ "tasks/a.MD.txt": task("- [x] retry") }),
  },
  {
    name: "check it off in a file with another extension of Markdown",
    caught: "SG030",
    evil: () => beside({ "tasks/a.markdown": task("- [x] retry") }),
    honest: () => beside({ "docs/a.markdown": task("- [x] retry") }),
  },
  {
    name: "check it off behind a link",
    caught: "SG031",
    evil: () => beside({ "docs/a.md": task("- [x] retry"), "tasks/a.md": { mode: "120000", data: "../docs/a.md" } }),
    honest: () => beside({ "docs/b.md": { mode: "120000", data: "a.md" } }),
  },
  {
    name: "put a link into the place of the tasks",
    caught: "SG031",
    evil: () => ({
      [taskFile]: null,
      "tasks/specs/0007-retry.md": null,
      "other/a.md": task("- [x] retry"),
      tasks: { mode: "120000", data: "other" },
    }),
    honest: () => beside({ task: { mode: "120000", data: "tasks" } }),
  },
  {
    name: "check it off in UTF-16",
    caught: "SG031",
    evil: () =>
      beside({ "tasks/a.md": { mode: "100644", data: Buffer.from(`\ufeff${task("- [x] retry")}`, "utf16le") } }),
    honest: () => beside({ "tasks/a.md": `\ufeff${task("- [ ] retry")}` }),
  },
  {
    name: "hide it behind a fence that nothing closes",
    caught: "SG030",
    evil: () => lines("```", "- [x] retry"),
    honest: () => lines("text with `code`", "- [ ] retry"),
  },
  {
    name: "link a web page",
    caught: "SG030",
    evil: () => lines("- [x] retry ([r1](https://ci.example.com/runs/1))"),
  },
  { name: "link a text", caught: "SG030", evil: () => lines("- [x] retry ([r1](evidence/r1.md))") },
  {
    name: "put the link into the next line",
    caught: "SG030",
    evil: line((text) => `- [x] retry\n  ([r1](evidence/r1.json "sha256:${sha256(text)}"))`),
  },
  {
    name: "link evidence that is not there",
    caught: "SG031",
    evil: (ids) => ({ ...sound(ids), [evidenceFile]: null }),
  },
  {
    name: "link evidence without its hash",
    caught: "SG031",
    evil: line(() => "- [x] retry ([r1](evidence/r1.json))"),
  },
  {
    name: "exchange the evidence after the link",
    caught: "SG031",
    evil: (ids) => ({ ...sound(ids), [evidenceFile]: manifest(ids, { status_detail: "x" }) }),
  },
  {
    name: "keep the evidence beside its folder",
    caught: "SG031",
    evil: (ids) => ({ [taskFile]: task(linked(manifest(ids), "r1.json")), "tasks/r1.json": manifest(ids) }),
  },
  {
    name: "climb out of the evidence folder",
    caught: "SG031",
    evil: (ids) => ({
      [taskFile]: task(linked(manifest(ids), "evidence/../../docs/r1.json")),
      "docs/r1.json": manifest(ids),
    }),
    honest: (ids) => ({ ...sound(ids), [taskFile]: task(linked(manifest(ids), "./evidence/../evidence/r1.json")) }),
  },
  {
    name: "make the evidence a link",
    caught: "SG031",
    evil: (ids) => ({
      ...sound(ids),
      "docs/r1.json": manifest(ids),
      [evidenceFile]: { mode: "120000", data: "../../docs/r1.json" },
    }),
  },
  {
    name: "break the evidence",
    caught: "SG031",
    evil: () => ({ [taskFile]: task(linked("{")), [evidenceFile]: "{" }),
  },
  {
    name: "say the status of the evidence twice",
    caught: "SG031",
    evil: (ids) => {
      const text = manifest(ids).replace("{", '{"status": "refused", ');
      return { [taskFile]: task(linked(text)), [evidenceFile]: text };
    },
  },
  {
    name: "show something else as evidence",
    caught: "SG031",
    evil: () => ({ [taskFile]: task(linked('{"status":"passed"}')), [evidenceFile]: '{"status":"passed"}' }),
  },
  {
    name: "show evidence of two megabytes",
    caught: "SG031",
    evil: says(() => ({ status_detail: "x".repeat(2_000_000) })),
    honest: says(() => ({ status_detail: "x".repeat(100_000) })),
  },
  { name: "show the run of another task", caught: "SG032", evil: says(() => ({ task_id: "0008-other" })) },
  { name: "show a run that was refused", caught: "SG032", evil: says(() => ({ status: "refused" })) },
  { name: "show a run that is not finished", caught: "SG032", evil: says(() => ({ status: "running" })) },
  { name: "show a run without a commit", caught: "SG032", evil: says(() => ({ commit: null, change: null })) },
  {
    name: "show a run under another name",
    caught: "SG032",
    evil: (ids) => ({
      [taskFile]: task(linked(manifest(ids), "evidence/r2.json")),
      "tasks/evidence/r2.json": manifest(ids),
    }),
  },
  {
    name: "check off in a file that is of no task",
    caught: "SG032",
    evil: (ids) => ({ ...sound(ids), [taskFile]: `${linked(manifest(ids))}\n` }),
  },
  {
    name: "give another file the id of a task that is done",
    caught: "SG032",
    evil: (ids) => ({ ...sound(ids), "tasks/8.md": task(linked(manifest(ids)).replace("retry", "delete")) }),
    honest: (ids) => ({
      ...sound(ids),
      "tasks/8.md": task("- [ ] delete").replace("0007-retry", "8"),
      "tasks/copy.md": task(linked(manifest(ids))),
    }),
  },
  {
    name: "show a commit of another branch",
    caught: "SG033",
    evil: names(({ foreign, foreignTree }) => ({ commit: foreign, tree: foreignTree })),
  },
  { name: "show a commit that is nowhere", caught: "SG033", evil: names(() => ({ commit: "1".repeat(40) })) },
  { name: "show a tree in the place of a commit", caught: "SG033", evil: names(({ tree }) => ({ commit: tree })) },
  {
    name: "show a commit of the history that the run did not begin with",
    caught: "SG033",
    evil: names(({ foreign, foreignTree }) => ({ base: foreign, baseTree: foreignTree })),
  },
  {
    name: "show a commit that was made before the run began",
    caught: "SG033",
    evil: names(({ base, baseTree, commit, tree }) => ({ base: commit, baseTree: tree, commit: base, tree: baseTree })),
  },
  {
    name: "show no more than a claim",
    caught: "SG031",
    evil: ({ commit, tree }) => {
      const claim = { schema_version: 1, run_id: "r1", task_id: "0007-retry", status: "passed", commit };
      return shows(JSON.stringify({ ...claim, change: { tree } }));
    },
  },
  {
    name: "show a run that one gate refused",
    caught: "SG032",
    evil: says((ids) => ({
      gates: gatesOf(ids).map(({ verdict: { gate, version, evidence_sha256 }, ...each }) => ({
        ...each,
        verdict: { gate, version, evidence_sha256, decision: "refuse", findings: [{ rule: "x", message: "no" }] },
      })),
    })),
    honest: says((ids) => ({
      gates: [
        {
          step_id: "builder.1",
          at: "2026-11-20T12:00:00.000Z",
          verdict: {
            gate: "budget",
            version: "1",
            evidence_sha256: "a".repeat(64),
            decision: "ask",
            question: "more?",
          },
        },
        ...gatesOf(ids),
      ],
    })),
  },
  {
    name: "show a run that one gate was not asked about",
    caught: "SG032",
    evil: says((ids) => ({ gates: gatesOf(ids).filter(({ verdict }) => verdict.gate !== "secrets") })),
  },
  { name: "show a run without tests", caught: "SG032", evil: says(() => ({ tests: null })) },
  { name: "show a run without its steps", caught: "SG032", evil: says(() => ({ steps: [] })) },
  {
    name: "show a run that changed nothing",
    caught: "SG032",
    evil: names(({ commit, tree }) => ({ base: commit, baseTree: tree })),
  },
  {
    name: "show a run without a signature where the policy asks for one",
    caught: "SG031",
    signed: true,
    evil: sound,
    honest: (ids) => ({ ...sound(ids), ...signedBy(ours.privateKey, ids) }),
  },
  {
    name: "sign the run oneself",
    caught: "SG031",
    signed: true,
    evil: (ids) => ({ ...sound(ids), ...signedBy(theirs.privateKey, ids) }),
    honest: () => lines("- [ ] retry"),
  },
  {
    name: "show the signature of another manifest of the run",
    caught: "SG031",
    signed: true,
    evil: (ids) => ({ ...sound(ids), ...signedBy(ours.privateKey, ids, manifest(ids, { status: "refused" })) }),
    honest: () => lines("- [ ] retry"),
  },
  { name: "show another tree", caught: "SG033", evil: names(() => ({ tree: "1".repeat(40) })) },
  {
    name: "leave an item open for too long",
    caught: "SG034",
    evil: () => lines("- [ ] old", "- [ ] new"),
    honest: () => lines("- [ ] new"),
  },
  {
    name: "write an old item anew with another mark",
    caught: "SG034",
    evil: () => lines("  3. [ ]   Old"),
    honest: () => lines("- [ ] new"),
  },
  {
    name: "write an old item anew with another punctuation",
    caught: "SG034",
    evil: () => lines("- [ ] (old)."),
    honest: () => lines("- [ ] new"),
  },
  {
    name: "move the file of an old item",
    caught: "SG034",
    evil: () => ({ [taskFile]: null, "tasks/7.md": task("- [ ] old"), "tasks/specs/0007-retry.md": null }),
    honest: () => ({
      [taskFile]: null,
      "tasks/8.md": task("- [ ] old").replace("0007-retry", "8"),
      "tasks/specs/0007-retry.md": null,
    }),
  },
];

let folder = "";
beforeAll(() => {
  const policy = `${start["spec-guard.yaml"]}checklists: {max_open_age_days: 7}\n`;
  const before = createHistory();
  const root = before.commit({ ...start, "spec-guard.yaml": policy, [taskFile]: task("- [ ] old") }, { daysAgo: 10 });
  const made = before.commit({ "docs/made.md": "made\n" }, { parents: [root], daysAgo: 9 });
  const foreign = before.commit({ "docs/foreign.md": "x" }, { parents: [root] });
  before.branch("foreign", foreign);
  const written = before.write();
  folder = written.folder;
  const idOf = (mark: number) => written.ids.get(mark) ?? "";
  const [began, commit, other] = [idOf(root), idOf(made), idOf(foreign)];
  const treeOf = (id: string) => runGit(folder, ["rev-parse", `${id}^{tree}`]).trim();
  const names = { base: began, commit, foreign: other };
  const ids = { ...names, baseTree: treeOf(began), tree: treeOf(commit), foreignTree: treeOf(other) };
  const after = createHistory();
  const base = after.commit({ "docs/base.md": "" }, { parents: [commit], daysAgo: 5 });
  const key = ours.publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const asking = `${start["spec-guard.yaml"]}checklists: {public_key: "${key}"}\n`;
  const signedBase = after.commit({ "spec-guard.yaml": asking }, { parents: [base], daysAgo: 5 });
  after.branch("base", base);
  after.branch("signed-base", signedBase);
  after.branch("sound", after.commit(sound(ids), { parents: [base] }));
  for (const [index, { evil, honest, signed = false }] of cases.entries()) {
    const parents = [signed ? signedBase : base];
    after.branch(`evil-${index}`, after.commit(evil(ids), { parents }));
    if (honest !== undefined) after.branch(`honest-${index}`, after.commit(honest(ids), { parents }));
  }
  after.write(folder);
});
afterAll(() => removeFolder(folder));

/** Most share one honest twin, which is judged once. */
const judged = new Map<string, ReturnType<typeof judgeBranch>>();

function judge(name: string, base: string): ReturnType<typeof judgeBranch> {
  const answer = judged.get(name) ?? judgeBranch(name, base);
  judged.set(name, answer);
  return answer;
}

async function judgeBranch(name: string, base: string): Promise<{ exit: number; said: string }> {
  const io = createTestIo({ cwd: folder });
  const exit = await guardMain(["--base", `refs/heads/${base}`, "--head", `refs/heads/${name}`, "--now", today], io);
  return { exit, said: io.output() + io.errors() };
}

describe.concurrent("it is refused to", () => {
  test.for(cases.map((bypass, index) => ({ ...bypass, index })))("$name", async ({ caught, honest, signed, index }) => {
    const base = signed === true ? "signed-base" : "base";
    const refused = await judge(`evil-${index}`, base);
    expect(refused).toMatchObject({ exit: 1, said: expect.stringContaining(caught) });
    const passed = await judge(honest === undefined ? "sound" : `honest-${index}`, base);
    expect(passed.exit, passed.said).toBe(0);
  });
});
