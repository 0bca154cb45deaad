import { expect, test } from "vitest";
import type { Decision } from "../schema/verdict.ts";
import { type SpecEvidence, specGate } from "./spec-gate.ts";
import { defaultSpecPolicy, SpecFrontMatter, type SpecPolicy, specSubject } from "./spec-policy.ts";
import type { SpecRecord } from "./spec-record.ts";

const today = "2024-03-01";
const sha = "1".repeat(64);
const approval = { role: "engineering", who: "ana@example.com", date: "2024-02-20", spec_sha256: sha };

const spec = (more: Partial<SpecFrontMatter> = {}, path = "tasks/specs/0007-retry.md"): SpecRecord => ({
  readable: true,
  path,
  spec_sha256: sha,
  front_matter: {
    id: "0007-retry",
    title: "Retry policy",
    relates_to: "tasks/0007-retry.md",
    risk: "low",
    owners: ["team-core"],
    status: "approved",
    last_review: "2024-02-20",
    covers: ["src/retry/**"],
    approvals: [approval],
    ...more,
  },
});

const policy = (specs: "any" | string[] = "any"): SpecPolicy => ({
  ...defaultSpecPolicy(),
  controlled: [{ paths: ["src/**"], specs }],
});

const change = (specs: readonly SpecRecord[], more: Partial<SpecEvidence> = {}): SpecEvidence => ({
  policy: policy(),
  today,
  linked: [],
  paths: ["src/retry/a.ts"],
  specs: [...specs],
  ...more,
});

const findingsOf = (decision: Decision) =>
  decision.decision === "refuse" ? decision.findings.map(({ rule, message }) => `${rule}: ${message}`) : [];

test.each<[string, SpecEvidence]>([
  ["to a controlled path that an approved, fresh spec covers", change([spec()])],
  ["to a path that no policy controls", change([], { paths: ["README.md"] })],
  ["in a repository without a policy", change([], { policy: null })],
  ["covered by a spec that the policy names", change([spec()], { policy: policy(["0007-retry"]) })],
  ["covered by one good spec beside a stale one", change([spec({ id: "old", last_review: "2020-01-01" }), spec()])],
  ["whose spec was reviewed today", change([spec({ last_review: today })])],
  ["whose spec is exactly as old as is allowed", change([spec({ last_review: "2024-01-31" })])],
  [
    "whose approver approved twice, the second time as it stands",
    change([spec({ approvals: [{ ...approval, spec_sha256: "2".repeat(64) }, approval] })]),
  ],
  [
    "of medium risk with both approvals",
    change([spec({ risk: "medium", approvals: [approval, { ...approval, role: "product" }] })]),
  ],
  ["while an unrelated spec is broken", change([spec(), { readable: false, path: "tasks/specs/x.md", reason: "bad" }])],
  [
    "for a task whose spec is good, without a policy",
    change([spec()], { policy: null, linked: ["tasks/specs/0007-retry.md"] }),
  ],
])("a change %s passes", (_, given) => {
  expect(specGate.decide(given)).toEqual({ decision: "pass" });
});

test.each<[string, SpecEvidence, string]>([
  ["that no spec covers", change([]), "uncovered: src/retry/a.ts is controlled and needs a spec that covers it"],
  ["whose path only another spec covers", change([spec({ covers: ["src/other/**"] })]), "spec/uncovered"],
  ["to the folder in another case", change([spec()], { paths: ["SRC/retry/a.ts"] }), "SRC/retry/a.ts is controlled"],
  ["covered by a draft", change([spec({ status: "draft" })]), "0007-retry is draft, not approved"],
  ["covered by a spec that is done", change([spec({ status: "done" })]), "is done, not approved"],
  [
    "covered by a spec without approvals",
    change([spec({ approvals: [] })]),
    "has low risk and no approval by engineering",
  ],
  [
    "covered by a spec approved before its last edit",
    change([spec({ approvals: [{ ...approval, spec_sha256: "2".repeat(64) }] })]),
    "changed after its approval by engineering",
  ],
  [
    "covered by a spec approved in the future",
    change([spec({ approvals: [{ ...approval, date: "2024-03-02" }] })]),
    "a day after 2024-03-01",
  ],
  ["covered by a spec of high risk with one approval", change([spec({ risk: "high" })]), "no approval by security"],
  ["covered by a stale spec", change([spec({ last_review: "2024-01-30" })]), "31 days ago, the limit is 30"],
  ["covered by a spec of a year ago, over a leap day", change([spec({ last_review: "2023-03-01" })]), "366 days ago"],
  ["covered by a spec reviewed tomorrow", change([spec({ last_review: "2024-03-02" })]), "after 2024-03-01"],
  [
    "covered by a spec that the policy does not name",
    change([spec()], { policy: policy(["0008-other"]) }),
    "one of the specs 0008-other",
  ],
  [
    "covered by two specs of one id",
    change([spec(), spec({}, "tasks/specs/copy.md")]),
    "more than one spec has the id 0007-retry",
  ],
  [
    "covered by an unreadable spec",
    change([{ readable: false, path: "tasks/specs/0007-retry.md", reason: "bad" }]),
    "none does; tasks/specs/0007-retry.md cannot be read: bad",
  ],
  [
    "of which one file is not covered",
    change([spec()], { paths: ["src/retry/a.ts", "src/b.ts"] }),
    "src/b.ts is controlled",
  ],
  [
    "where one of two rules is not met",
    change([spec()], {
      policy: {
        ...policy(),
        controlled: [
          { paths: ["src/**"], specs: "any" },
          { paths: ["**/a.ts"], specs: ["other"] },
        ],
      },
    }),
    "one of the specs other",
  ],
  [
    "for a task whose spec is missing",
    change([], { policy: null, linked: ["tasks/specs/none.md"] }),
    "missing: the task names the spec tasks/specs/none.md, which does not exist",
  ],
  [
    "for a task whose spec is unreadable",
    change([{ readable: false, path: "s.md", reason: "s.md:3: a tag" }], { policy: null, linked: ["s.md"] }),
    "unreadable: s.md cannot be read: s.md:3: a tag",
  ],
  [
    "for a task whose spec is a draft, without a policy",
    change([spec({ status: "draft" })], { policy: null, linked: ["tasks/specs/0007-retry.md"] }),
    "not-approved",
  ],
  [
    "for a task whose spec is stale, without a policy",
    change([spec({ last_review: "2023-12-01" })], { policy: null, linked: ["tasks/specs/0007-retry.md"] }),
    "spec/stale",
  ],
])("a change %s is refused", (_, given, expected) => {
  expect(findingsOf(specGate.decide(given)).join("\n")).toContain(expected);
});

test("the subject of an approval is the body, the risk and what is covered, without their spelling", () => {
  const subject = specSubject({ body: "one\r\ncafe\u0301\r\n\r\n", covers: ["b", "a", "a"], risk: "low" });
  expect(subject).toEqual({ body: "one\ncaf\u00e9", covers: ["a", "b"], risk: "low" });
  expect(specSubject({ ...subject, body: "\none\ncaf\u00e9\n" })).toEqual(subject);
  expect(specSubject({ ...subject, body: "one\n  caf\u00e9" })).not.toEqual(subject);
});

test.each(["2024-02-30", "2023-02-29", "20-11-2024", "2024-1-5", "2024-11-20T00:00:00Z"])(
  "the day %s is refused",
  (last_review) => {
    const record = spec();
    const front = record.readable ? record.front_matter : null;
    expect(SpecFrontMatter.safeParse(front).success).toBe(true);
    expect(SpecFrontMatter.safeParse({ ...front, last_review }).success).toBe(false);
  },
);
