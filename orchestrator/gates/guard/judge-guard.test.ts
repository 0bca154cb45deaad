import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultSpecPolicy, type SpecPolicy } from "../spec-policy.ts";
import type { PlacedPolicy, SpecRecord } from "../spec-record.ts";
import type { GuardEvidence, RegistryEntry, WaiverRecord } from "./guard-evidence.ts";
import type { GuardReport } from "./guard-report.ts";
import { judgeGuard } from "./judge-guard.ts";

const sha = "1".repeat(64);
const someOf = <Item>(items: readonly Item[]) => fc.subarray([...items]);

const spec = (
  id: string,
  covers: string[],
  more: { day?: string; pinned?: string; roles?: string[] } = {},
): SpecRecord => ({
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
    last_review: more.day ?? "2024-02-20",
    covers,
    approvals: (more.roles ?? ["engineering"]).map((role) => ({
      role,
      who: `${role}@example.com`,
      date: "2024-02-20",
      spec_sha256: more.pinned ?? sha,
    })),
  },
});
const sound: readonly SpecRecord[] = [
  spec("s1", ["src/a"]),
  spec("s2", ["src/**"], { day: "2020-01-01" }),
  spec("s3", ["src/b", "pkg/b"], { roles: ["engineering", "security"] }),
  spec("s4", ["pkg/**"]),
  spec("s5", ["src/c"], { pinned: "2".repeat(64) }),
];
const policy = (more: Partial<SpecPolicy> = {}): SpecPolicy => ({
  ...defaultSpecPolicy(),
  controlled: [{ paths: ["src/**", "spec-guard.yaml"], specs: "any" }],
  ...more,
});
const root: PlacedPolicy<SpecPolicy> = { folder: "", policy: policy() };
const nested: readonly PlacedPolicy<SpecPolicy>[] = [
  {
    folder: "pkg",
    policy: policy({
      controlled: [{ paths: ["**"], specs: ["s3", "s4"] }],
      approvals: { ...defaultSpecPolicy().approvals, low: ["security"] },
    }),
  },
  { folder: "src", policy: policy({ controlled: [], max_review_age_days: 5 }) },
];
const waiver = (id: string, scope: string, more: { expires?: string; in_base?: boolean } = {}): WaiverRecord => ({
  readable: true,
  path: `w/${id}-${scope.replaceAll("/", "-")}.yaml`,
  id,
  owner: "ana",
  reason: "why",
  scope: [scope],
  expires: "2024-03-10",
  in_base: true,
  ...more,
});
const entry = (id: string, more: Partial<RegistryEntry> = {}): RegistryEntry => ({
  list: "specs",
  id,
  path: `tasks/specs/${id}.md`,
  exists: true,
  fields: [{ name: "status", claimed: "approved", actual: "approved" }],
  open_when_done: 0,
  ...more,
});
const item = (line: number, state: "sound" | "none", more: { checked?: boolean; stale?: boolean } = {}) => ({
  path: "tasks/a.md",
  line,
  text: `item ${line}`,
  checked: true,
  evidence: { state },
  stale: false,
  ...more,
});
const changed = (path: string) => ({ path, mode: "100644" });
const other = (id: string, last_review: string) => ({
  path: `tasks/specs/other-${id}-${last_review}.md`,
  id,
  status: "approved",
  last_review,
  relates_to: null,
});
type ReadableRegistry = Extract<GuardEvidence["registry"], { readable: true }>;

/** What may stand in a repository where all is well, and in one where a change is refused. */
const evidence: fc.Arbitrary<GuardEvidence & { readonly registry: ReadableRegistry }> = fc.record({
  today: fc.constant("2024-03-01"),
  policies: someOf(nested).map((more) => [root, ...more]),
  ownFiles: fc.constant(["spec-guard.yaml", "w/**"]),
  changes: someOf(["src/a", "src/b", "pkg/b", "docs/c", "docs/d"].map(changed)),
  links: someOf([
    { path: "docs/link", mode: "120000" },
    { path: "docs/sub", mode: "160000" },
  ]),
  hidden: someOf(["docs/h"]),
  specs: someOf(sound),
  otherSpecs: someOf([other("o1", "2024-02-20"), other("o2", "2020-01-01")]),
  waivers: someOf([waiver("w1", "src/b"), waiver("w2", "pkg/**"), waiver("w3", "src/a", { in_base: false })]),
  registry: fc.record({
    readable: fc.constant(true as const),
    path: fc.constant("tasks/index.json"),
    entries: someOf([entry("s1"), entry("s2")]),
    orphans: fc.constant([]),
  }),
  checklists: someOf([item(1, "sound"), item(2, "none", { checked: false })]),
  mirrors: someOf([{ source: "a", copy: "b", problem: null }]),
  newPolicies: fc.constant([]),
  idlePolicies: someOf([{ path: "spec-guard.yaml", message: "matches nothing", isMistake: false }]),
  brokenPolicies: fc.constant([]),
});

const rarely = <Item>(items: readonly Item[]) =>
  fc.oneof({ weight: 7, arbitrary: fc.constant<Item[]>([]) }, { weight: 1, arbitrary: someOf(items) });

/** Whatever is wrong more: lists of it, from which any number is added. */
const faults = fc.record({
  policies: rarely(nested),
  changes: rarely(["src/c", "src/uncovered", "pkg/x", "\u0455rc/a", "spec-guard.yaml"].map(changed)),
  links: rarely([
    { path: "src/link", mode: "120000" },
    { path: "src", mode: "160000" },
  ]),
  hidden: rarely(["src/hidden"]),
  specs: rarely<SpecRecord>([
    { readable: false, path: "tasks/specs/bad.md", reason: "no YAML" },
    { ...spec("s1", ["docs/x"]), path: "tasks/specs/again.md" },
  ]),
  otherSpecs: rarely([other("s1", "2024-02-20"), other("o3", "2019-01-01")]),
  waivers: rarely<WaiverRecord>([
    { readable: false, path: "w/bad.yaml", reason: "no YAML" },
    waiver("w1", "docs/x"),
    waiver("w4", "src/**", { expires: "2024-02-29" }),
    waiver("w5", "src/**", { expires: "2099-01-01" }),
    waiver("w6", "src/**", { in_base: false }),
  ]),
  entries: rarely([
    entry("s1", { path: "tasks/specs/s9.md" }),
    entry("s8", { exists: false }),
    entry("s7", { fields: [{ name: "status", claimed: "approved", actual: "draft" }] }),
  ]),
  orphans: rarely([{ path: "tasks/specs/o.md", message: "is not in the registry" }]),
  checklists: rarely([item(3, "none"), item(4, "none", { checked: false, stale: true })]),
  mirrors: rarely([{ source: "a", copy: "c", problem: "differs" }]),
  newPolicies: rarely(["spec-guard.yaml"]),
  idlePolicies: rarely([{ path: "spec-guard.yaml", message: "src is a folder", isMistake: true }]),
  brokenPolicies: rarely([{ path: "spec-guard.yaml", reason: "bad" }]),
});
type Faults = typeof faults extends fc.Arbitrary<infer Value> ? Value : never;

function worsen(given: GuardEvidence & { readonly registry: ReadableRegistry }, more: Faults): GuardEvidence {
  const { entries, orphans, policies, ...lists } = more;
  const known = given.policies.map(({ folder }) => folder);
  return {
    ...given,
    policies: [...given.policies, ...policies.filter(({ folder }) => !known.includes(folder))],
    changes: [...given.changes, ...lists.changes],
    links: [...given.links, ...lists.links],
    hidden: [...given.hidden, ...lists.hidden],
    specs: [...given.specs, ...lists.specs],
    otherSpecs: [...given.otherSpecs, ...lists.otherSpecs],
    waivers: [...given.waivers, ...lists.waivers],
    registry: {
      ...given.registry,
      entries: [...given.registry.entries, ...entries],
      orphans: [...given.registry.orphans, ...orphans],
    },
    checklists: [...given.checklists, ...lists.checklists],
    mirrors: [...given.mirrors, ...lists.mirrors],
    newPolicies: [...given.newPolicies, ...lists.newPolicies],
    idlePolicies: [...given.idlePolicies, ...lists.idlePolicies],
    brokenPolicies: [...given.brokenPolicies, ...lists.brokenPolicies],
  };
}

/** What is refused, whatever words say why. What is wrong with one spec may be told as wrong with another. */
function errorsOf({ findings }: GuardReport): string[] {
  return findings
    .filter(({ severity, id }) => severity === "error" && (id === "SG001" || id > "SG012"))
    .map(({ id, path, line }) => [id, path, line].join(" "));
}

test("more that is wrong never turns a refusal into a pass, and takes no error away", () => {
  const said = { "pass pass": 0, "pass refuse": 0, "refuse refuse": 0 };
  fc.assert(
    fc.property(evidence, faults, (given, more) => {
      const [before, after] = [judgeGuard(given), judgeGuard(worsen(given, more))];
      const both = `${before.decision} ${after.decision}` as const;
      expect(both).not.toBe("refuse pass");
      if (both !== "refuse pass") said[both] += 1;
      expect(errorsOf(after)).toEqual(expect.arrayContaining(errorsOf(before)));
    }),
    { numRuns: 200 },
  );
  for (const count of Object.values(said)) expect(count).toBeGreaterThan(0);
});

test("each thing that is wrong is an error for itself, where all else is well", () => {
  const well: GuardEvidence & { readonly registry: ReadableRegistry } = {
    today: "2024-03-01",
    policies: [root],
    ownFiles: ["spec-guard.yaml", "w/**"],
    changes: [changed("src/a")],
    links: [],
    hidden: [],
    specs: sound,
    otherSpecs: [],
    waivers: [waiver("w1", "src/b")],
    registry: { readable: true, path: "tasks/index.json", entries: [entry("s1")], orphans: [] },
    checklists: [item(1, "sound")],
    mirrors: [],
    newPolicies: [],
    idlePolicies: [],
    brokenPolicies: [],
  };
  expect(judgeGuard(well)).toMatchObject({ decision: "pass", findings: [] });
  const none: Faults = {
    policies: [],
    changes: [],
    links: [],
    hidden: [],
    specs: [],
    otherSpecs: [],
    waivers: [],
    entries: [],
    orphans: [],
    checklists: [],
    mirrors: [],
    newPolicies: [],
    idlePolicies: [],
    brokenPolicies: [],
  };
  const single: Readonly<Record<string, Partial<Faults>>> = {
    SG001: { changes: [changed("src/uncovered")] },
    SG009: { otherSpecs: [other("s1", "2024-02-20")] },
    SG013: { links: [{ path: "src/link", mode: "120000" }] },
    SG014: { links: [{ path: "src", mode: "160000" }] },
    SG015: { changes: [changed("\u0455rc/a")] },
    SG016: { hidden: ["src/hidden"] },
    SG021: { entries: [entry("s8", { exists: false })] },
    SG022: { orphans: [{ path: "tasks/specs/o.md", message: "is not in the registry" }] },
    SG023: { entries: [entry("s7", { fields: [{ name: "status", claimed: "approved", actual: "draft" }] })] },
    SG024: { entries: [entry("s1", { path: "tasks/specs/s9.md" })] },
    SG030: { checklists: [item(3, "none")] },
    SG034: { checklists: [item(4, "none", { checked: false, stale: true })] },
    SG040: { mirrors: [{ source: "a", copy: "c", problem: "differs" }] },
    SG050: { waivers: [waiver("w1", "docs/x")] },
    SG051: { waivers: [waiver("w4", "docs/x", { expires: "2024-02-29" })] },
    SG060: { brokenPolicies: [{ path: "spec-guard.yaml", reason: "bad" }] },
    SG062: { idlePolicies: [{ path: "spec-guard.yaml", message: "src is a folder", isMistake: true }] },
  };
  for (const [id, fault] of Object.entries(single)) {
    const { decision, findings } = judgeGuard(worsen(well, { ...none, ...fault }));
    expect([id, decision, findings.map((each) => each.id)]).toEqual([id, "refuse", expect.arrayContaining([id])]);
  }
});

test("no order of anything in the evidence matters, to the last word", () => {
  const said = { pass: 0, refuse: 0 };
  const shuffled = <Item>(items: readonly Item[], seed: readonly number[]): Item[] =>
    items
      .map((each, index) => ({ each, key: seed[index % seed.length] ?? 0, index }))
      .sort((left, right) => left.key - right.key || right.index - left.index)
      .map(({ each }) => each);
  fc.assert(
    fc.property(
      evidence,
      fc.option(faults),
      fc.array(fc.nat(99), { minLength: 5, maxLength: 9 }),
      (given, more, seed) => {
        const whole = more === null ? given : worsen(given, more);
        const { registry } = whole;
        const lists = Object.entries(whole).map(([name, value]) => [
          name,
          Array.isArray(value) ? shuffled(value, seed) : value,
        ]);
        const turned: GuardEvidence = {
          ...whole,
          ...Object.fromEntries(lists),
          policies: shuffled(whole.policies, seed).map(({ folder, policy: each }) => ({
            folder,
            policy: {
              ...each,
              controlled: shuffled(
                each.controlled.map(({ paths, specs }) => ({ paths: shuffled(paths, seed), specs })),
                seed,
              ),
            },
          })),
          registry:
            registry?.readable === true
              ? { ...registry, entries: shuffled(registry.entries, seed), orphans: shuffled(registry.orphans, seed) }
              : registry,
        };
        const before = judgeGuard(whole);
        said[before.decision] += 1;
        expect(judgeGuard(turned)).toEqual(before);
      },
    ),
    { numRuns: 200 },
  );
  expect(said.pass).toBeGreaterThan(0);
  expect(said.refuse).toBeGreaterThan(0);
});
