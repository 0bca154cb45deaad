import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultSpecPolicy } from "../spec-policy.ts";
import type { SpecRecord } from "../spec-record.ts";
import type { GuardEvidence } from "./guard-evidence.ts";
import { judgeGuard } from "./judge-guard.ts";

const sha = "1".repeat(64);
const spec = (id: string, covers: string[], last_review: string): SpecRecord => ({
  readable: true,
  path: `tasks/specs/${id}.md`,
  spec_sha256: sha,
  front_matter: {
    id,
    title: id,
    relates_to: "tasks/x.md",
    risk: "low",
    owners: ["team"],
    status: "approved",
    last_review,
    covers,
    approvals: [{ role: "engineering", who: "ana", date: "2024-02-20", spec_sha256: sha }],
  },
});
const policy = { ...defaultSpecPolicy(), controlled: [{ paths: ["src/**"], specs: "any" as const }] };
const path = fc.constantFrom("src/a", "src/b", "docs/c", "\u0455rc/a");
const evidence: fc.Arbitrary<GuardEvidence> = fc.record({
  today: fc.constant("2024-03-01"),
  policies: fc.constant([{ folder: "", policy }]),
  ownFiles: fc.constant(["spec-guard.yaml"]),
  changes: fc.uniqueArray(
    path.map((each) => ({ path: each, mode: "100644" })),
    { maxLength: 3, selector: (each) => each.path },
  ),
  links: fc.subarray([{ path: "docs/link", mode: "120000" }]),
  hidden: fc.subarray(["docs/h"]),
  specs: fc.subarray([
    spec("s1", ["src/a"], "2024-02-20"),
    spec("s2", ["src/**"], "2020-01-01"),
    spec("s3", ["src/b"], "2024-02-28"),
  ]),
  otherSpecs: fc.constant([]),
  waivers: fc.subarray([
    {
      readable: true as const,
      path: "w/1.yaml",
      id: "w1",
      owner: "ana",
      reason: "why",
      scope: ["src/b"],
      expires: "2024-03-10",
      in_base: true,
    },
  ]),
  registry: fc.constant(null),
  checklists: fc.subarray([
    { path: "tasks/a.md", line: 1, text: "x", checked: true, evidence: { state: "sound" as const }, stale: false },
  ]),
  mirrors: fc.subarray([{ source: "a", copy: "b", problem: null }]),
  newPolicies: fc.constant([]),
  idlePolicies: fc.constant([]),
  brokenPolicies: fc.constant([]),
});
/** Each adds one thing that is wrong. */
const faults: readonly ((given: GuardEvidence) => GuardEvidence)[] = [
  (given) => ({
    ...given,
    changes: [...given.changes, { path: "src/uncovered/x", mode: "100644" }],
    specs: given.specs.slice(0, 1),
  }),
  (given) => ({ ...given, links: [...given.links, { path: "src/link", mode: "120000" }] }),
  (given) => ({ ...given, hidden: [...given.hidden, "src/hidden"] }),
  (given) => ({ ...given, mirrors: [...given.mirrors, { source: "a", copy: "c", problem: "differs" }] }),
  (given) => ({ ...given, brokenPolicies: [{ path: "spec-guard.yaml", reason: "bad" }] }),
  (given) => ({
    ...given,
    checklists: [
      ...given.checklists,
      { path: "t", line: 2, text: "y", checked: true, evidence: { state: "none" }, stale: false },
    ],
  }),
];
const reversed = <Item>(items: readonly Item[]): Item[] => [...items].reverse();

test("a finding more never turns a refusal into a pass, and no order of the evidence matters", () => {
  const said = { pass: 0, refuse: 0 };
  fc.assert(
    fc.property(evidence, fc.constantFrom(...faults), (given, worsen) => {
      const before = judgeGuard(given);
      said[before.decision] += 1;
      expect(judgeGuard(worsen(given)).decision).toBe("refuse");
      const turned = {
        ...given,
        changes: reversed(given.changes),
        specs: reversed(given.specs),
        waivers: reversed(given.waivers),
        checklists: reversed(given.checklists),
      };
      expect(judgeGuard(turned).decision).toBe(before.decision);
      expect(judgeGuard(turned).findings.map(({ id, path: at }) => [id, at])).toEqual(
        before.findings.map(({ id, path: at }) => [id, at]),
      );
    }),
    { numRuns: 200, seed: 1 },
  );
  expect(said.pass).toBeGreaterThan(5);
  expect(said.refuse).toBeGreaterThan(5);
});
