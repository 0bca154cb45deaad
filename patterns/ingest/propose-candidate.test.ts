import { expect, test } from "vitest";
import { parseYamlDocument } from "../../orchestrator/io/documents/yaml-document.ts";
import { type IngestRequest, PatternCandidate, type Proposal } from "../../orchestrator/schema/pattern-ingest.ts";
import { parseSource } from "../engine/parse-source.ts";
import { fillTemplate } from "../fill/fill-template.ts";
import { parseTemplate } from "../fill/template.ts";
import { createPatternLibrary } from "../index.ts";
import { proposeCandidate } from "./propose-candidate.ts";

const library = createPatternLibrary();
const hash = "a".repeat(40);
const base: IngestRequest = {
  id: "fetch-retry",
  title: "Retry what fetch gives",
  source: {
    run_id: "r1",
    task_id: "0001",
    manifest_sha256: "b".repeat(64),
    base_commit: hash,
    commit: hash,
    approved_by: ["ann"],
  },
  used: [],
  withKnown: false,
  changed: [],
  same: [],
  packages: new Map(),
  leftOut: [],
};
const changed = (path: string, before: string | null, after: string | null) => ({
  path,
  before,
  after,
  redacted: false,
});
const retry = [
  changed("src/a.ts", "const a = fetch(url);\n", "const a = retry(() => fetch(url));\n"),
  changed("src/b.ts", "b(fetch(other));\n", "b(retry(() => fetch(other)));\n"),
];
const propose = (more: Partial<IngestRequest>) => proposeCandidate(library, { ...base, ...more });
const filesOf = (proposal: Proposal) => {
  if (proposal.outcome !== "proposed") throw new Error(proposal.reason);
  return proposal.files;
};
const candidateOf = (proposal: Proposal) =>
  parseYamlDocument(PatternCandidate, filesOf(proposal).get("candidate.yaml") ?? "", {
    file: "candidate.yaml",
    code: "document_invalid",
  });

test("changed sources become the fixtures of a draft, with a text that stayed although it looks alike, always the same", () => {
  const same = [
    { path: "src/far.ts", text: "export const far = 1;\n", redacted: false },
    { path: "src/near.ts", text: "// no call: fetch(url)\n", redacted: true },
    { path: "src/near.py", text: "fetch(url)\n", redacted: false },
  ];
  const proposal = propose({ changed: retry, same });
  expect([...filesOf(proposal)]).toEqual([...filesOf(propose({ changed: retry, same }))]);
  expect([...filesOf(proposal).keys()]).toEqual([
    "candidate.yaml",
    "codemod.mjs",
    "index.mjs",
    "fixtures/fetch-retry/src-a.before.ts",
    "fixtures/fetch-retry/src-a.after.ts",
    "fixtures/fetch-retry/src-b.before.ts",
    "fixtures/fetch-retry/src-b.after.ts",
    "fixtures/fetch-retry/src-near.same.ts",
  ]);
  expect(filesOf(proposal).get("codemod.mjs")).toMatch(
    /version: "0\.0\.0"[\s\S]*languages: \["typescript"\][\s\S]*includes\("fetch"\)/,
  );
  expect(candidateOf(proposal)).toMatchObject({
    id: "fetch-retry",
    status: "draft",
    kind: "codemod",
    source: base.source,
    fixtures: [
      { path: "src/a.ts" },
      { path: "src/b.ts" },
      { path: "src/near.ts", fixture: "src-near.same.ts", redacted: true },
    ],
  });
});

test("what the run's own patterns did is named and left out, whole files and parts of files", () => {
  const used = [library.identify("node-protocol")];
  const whole = changed("src/c.mjs", 'import "fs";\n', 'import "node:fs";\n');
  const part = changed("src/d.mjs", 'import "fs";\nold();\n', 'import "node:fs";\nfresh();\n');
  const other = changed("src/e.mjs", 'import "fs";\nold();\n', 'import "fs";\nfresh();\n');
  const proposal = propose({ used, changed: [whole, part, other] });
  expect(candidateOf(proposal).known_patterns).toMatchObject([{ id: "node-protocol", files_explained: 1 }]);
  expect(filesOf(proposal).get("fixtures/fetch-retry/src-d.before.mjs")).toBe('import "node:fs";\nold();\n');
  expect(filesOf(proposal).get("fixtures/fetch-retry/src-e.before.mjs")).toBe('import "fs";\nold();\n');
  expect([...filesOf(proposal).keys()].join()).not.toContain("src-c");
  expect(propose({ used, changed: [whole] })).toMatchObject({
    outcome: "nothing_left",
    reason: expect.stringMatching(/what node-protocol leads to/),
  });
  expect(
    filesOf(propose({ used, changed: [whole], withKnown: true })).get("fixtures/fetch-retry/src-c.before.mjs"),
  ).toBe(whole.before);
});

test("a pattern in another version than the run used explains nothing, and neither does one whose package is not known", () => {
  const whole = changed("src/c.mjs", 'import "fs";\n', 'import "node:fs";\n');
  const used = [
    { ...library.identify("node-protocol"), version: "9.0.0" },
    { ...library.identify("node-protocol"), id: "acme/gone" },
  ];
  expect(candidateOf(propose({ used, changed: [whole] })).known_patterns).toMatchObject([
    { files_explained: 0 },
    { files_explained: 0 },
  ]);
  const before = 'import { z } from "zod";\nexport const a = z.record(z.string());\n';
  const facts = { packageJson: { dependencies: { zod: "4.0.0" } } };
  const result = library.transform("zod-3-to-4", "src/c.ts", before, facts);
  if (result.status !== "changed") throw new Error("zod-3-to-4 has changed");
  const explain = (path: string, text: string) =>
    propose({
      used: [library.identify("zod-3-to-4")],
      changed: [changed("src/c.ts", before, result.after)],
      packages: new Map([[path, text]]),
    }).outcome;
  expect(explain("package.json", JSON.stringify(facts.packageJson))).toBe("nothing_left");
  expect(explain("src/package.json", JSON.stringify(facts.packageJson))).toBe("nothing_left");
  expect(explain("package.json", "{")).toBe("proposed");
  expect(explain("other/package.json", JSON.stringify(facts.packageJson))).toBe("proposed");
});

test("every path that is no fixture is left out with its reason, and there are no more fixtures than a reader reads", () => {
  const many = Array.from({ length: 14 }, (_, index) => changed(`src/${index}.ts`, "old();\n", "fresh();\n"));
  const proposal = propose({
    changed: [
      ...many,
      changed("src/new.ts", null, "x;\n"),
      changed("src/old.ts", "x;\n", null),
      changed("a.css", "a", "b"),
      changed("a.md", "a", "b"),
    ],
    leftOut: [{ path: "logo.png", reason: "no text" }],
  });
  expect(candidateOf(proposal).left_out).toEqual([
    { path: "logo.png", reason: "no text" },
    { path: "src/new.ts", reason: expect.stringMatching(/added/) },
    { path: "src/old.ts", reason: "deleted" },
    { path: "a.css", reason: expect.stringMatching(/neither/) },
    { path: "a.md", reason: expect.stringMatching(/document/) },
    { path: "src/12.ts", reason: expect.stringMatching(/more than 12/) },
    { path: "src/13.ts", reason: expect.stringMatching(/more than 12/) },
  ]);
  expect(propose({}).outcome).toBe("nothing_left");
});

test("names of files that differ only in letters that a name does not keep stay apart", () => {
  const twins = ["src/a b.ts", "src/a-b.ts", "src/A_b.ts"].map((path) => changed(path, "old();\n", "fresh();\n"));
  expect(candidateOf(propose({ changed: twins })).fixtures.map(({ fixture }) => fixture)).toEqual([
    "src-a-b.before.ts",
    "src-a-b-2.before.ts",
    "src-a-b-3.before.ts",
  ]);
});

test("a title cannot get out of the string that it stands in", () => {
  const title = '"; process.exit(1); // */ $x `\u2028';
  const text = filesOf(propose({ changed: retry, title })).get("codemod.mjs") ?? "";
  const parsed = parseSource("codemod.mjs", text);
  if (!parsed.ok) throw new Error(parsed.reason);
  expect(parsed.source.program.body).toHaveLength(1);
  expect(parsed.source.nodesOfType("Literal").map(({ node }) => node.value)).toContain(title);
});

test("a document becomes a template that can be filled, whatever stands in it", () => {
  const after = "---\nid: x\n---\n# Release `1.0` of {{name}}\n\n{{ not a field }}\n\n- one\n";
  const proposal = propose({ changed: [changed("docs/release.md", null, after)] });
  expect(candidateOf(proposal)).toMatchObject({ kind: "template", fixtures: [{ path: "docs/release.md" }] });
  const text = filesOf(proposal).get("fetch-retry.md") ?? "";
  const filled = fillTemplate(parseTemplate(text, "fetch-retry.md"), { title: ["Other"] }, "2026-01-31");
  expect(filled).toBe("---\nid: x\n---\n# Other\n\n{ { not a field }}\n\n- one\n");
  expect(filesOf(proposal).get("fixtures/fetch-retry/sample.expected.md")).toContain("# Release \\`1.0\\` of {{name}}");
});
