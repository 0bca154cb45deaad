import { describe, expect, test } from "vitest";
import type { CommandPlan, LanguageAdapter, RepositoryReader } from "../orchestrator/schema/adapter-port.ts";
import type { CommandOutcome } from "../orchestrator/schema/process-port.ts";
import { CheckResult, type CommandStatus, PlanGoal } from "../orchestrator/schema/test-report.ts";

/** Files by path. */
export type SampleFiles = Readonly<Record<string, string>>;

/** What an adapter must get right. */
export interface AdapterSamples {
  /** Projects of its stack, with the goals that they have commands for. */
  readonly projects: readonly {
    readonly name: string;
    readonly files: SampleFiles;
    readonly goals: readonly PlanGoal[];
    readonly installs: boolean;
    /** True where what is installed is made from what the machine has. */
    readonly isOffline?: boolean;
  }[];
  /** Reports of a run without a failure, as the plan for `files` makes the runner write them. */
  /** True where the adapter fits whatever lies there, since a team says so. */
  readonly isConfigured?: true;
  readonly reports: readonly { readonly name: string; readonly files: SampleFiles; readonly passing: string }[];
}

/** A repository that is only in memory. */
export function readerOf(files: SampleFiles): RepositoryReader {
  const paths = Object.keys(files);
  return {
    read: async (path) => files[path] ?? null,
    exists: async (path) => paths.some((file) => file === path || file.startsWith(`${path}/`)),
    list: async (path) => {
      const prefix = path === "." || path === "" ? "" : `${path}/`;
      const below = paths.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
      return [...new Set(below.map((file) => file.replace(/\/.*/, "/")))].sort();
    },
  };
}

/** How a command ended that exited by itself, with the differences given. */
export function outcomeOf(differences: Partial<CommandOutcome> = {}): CommandOutcome {
  return {
    status: "exited",
    exitCode: 0,
    signal: null,
    durationMs: 12,
    outputTail: "",
    outputBytes: 0,
    outputTruncated: false,
    detail: "",
    ...differences,
  };
}

const reportDir = "/somewhere/reports of a run";

/** The suite that every adapter passes. */
export function describeAdapter(name: string, makeAdapter: () => LanguageAdapter, samples: AdapterSamples): void {
  describe(`${name} as an adapter`, () => {
    if (samples.isConfigured !== true) describeForeign(makeAdapter);
    describePlanning(makeAdapter, samples);
    describeReading(makeAdapter, samples);
  });
}

function describeForeign(makeAdapter: () => LanguageAdapter): void {
  test("an empty repository is not its own, needs nothing and has no commands", async () => {
    const adapter = makeAdapter();
    const reader = readerOf({ "README.md": "hello" });
    expect(await adapter.detect(reader)).toBeNull();
    expect(await adapter.dependencies(reader)).toMatchObject({ needed: false, install: null });
    for (const goal of PlanGoal.options) expect(await adapter.plan(reader, goal, reportDir)).toBeNull();
  });
}

function describePlanning(makeAdapter: () => LanguageAdapter, samples: AdapterSamples): void {
  test.each(samples.projects)("$name is detected with evidence, each time alike", async ({ files }) => {
    const detection = await makeAdapter().detect(readerOf(files));
    expect(detection).toMatchObject({ adapter: makeAdapter().id });
    expect(detection?.confidence).toBeGreaterThan(0);
    expect(detection?.confidence).toBeLessThanOrEqual(1);
    expect(detection?.evidence.length).toBeGreaterThan(0);
    expect(detection?.roots.every((root) => !root.startsWith("/") && !root.includes(".."))).toBe(true);
    expect(await makeAdapter().detect(readerOf(files))).toEqual(detection);
  });

  test.each(samples.projects)("$name has commands for its goals only, with bounds", async ({ files, goals }) => {
    const plans = await Promise.all(
      PlanGoal.options.map((goal) => makeAdapter().plan(readerOf(files), goal, reportDir)),
    );
    const made = plans.filter((plan) => plan !== null);
    expect(made.map(({ goal }) => goal)).toEqual(PlanGoal.options.filter((goal) => goals.includes(goal)));
    for (const plan of made) expectBounded(plan);
  });

  test.each(samples.projects)(
    "$name says what must be installed, and only by a lock file",
    async ({ files, installs, isOffline = false }) => {
      const need = await makeAdapter().dependencies(readerOf(files));
      expect(need.install !== null).toBe(installs);
      expect(need.reason).not.toBe("");
      if (need.install === null) return;
      expect(need.lockFile === null ? undefined : files[need.lockFile]).toBeDefined();
      expect(need.install).toMatchObject({ goal: "install", needsNetwork: !isOffline });
      expectBounded(need.install);
    },
  );
}

function expectBounded(plan: CommandPlan): void {
  expect(plan.argv[0]).not.toBe("");
  expect(plan.timeoutMs).toBeGreaterThan(0);
  expect(plan.cwd.startsWith("/") || plan.cwd.includes("..")).toBe(false);
  if (plan.reportFile !== null) expect(plan.reportFile.startsWith(`${reportDir}/`)).toBe(true);
  if (plan.goal !== "test") expect(plan.reportFile).toBeNull();
}

function describeReading(makeAdapter: () => LanguageAdapter, samples: AdapterSamples): void {
  async function testPlan(files: SampleFiles): Promise<CommandPlan> {
    const plan = await makeAdapter().plan(readerOf(files), "test", reportDir);
    if (plan === null) throw new Error("the sample has no test command");
    return plan;
  }

  test.each(samples.reports)("$name: exit code 0 and the whole report pass", async ({ files, passing }) => {
    const { cases, ...result } = makeAdapter().read(await testPlan(files), outcomeOf(), passing);
    expect(result).toMatchObject({ goal: "test", verdict: "passed" });
    expect(CheckResult.parse(result)).toEqual(result);
    expect(result.counts.passed).toBeGreaterThan(0);
    expect(result.not_passed).not.toBeNull();
    const counted = Object.values(result.counts).reduce((sum, count) => sum + count, 0);
    expect(cases).toHaveLength(counted);
  });

  test.each(samples.reports)("$name: any other end than exit code 0 fails", async ({ files, passing }) => {
    const plan = await testPlan(files);
    const statuses: CommandStatus[] = ["signalled", "timed_out", "aborted", "failed_to_start"];
    const ends = statuses.flatMap((status) => [0, null].map((exitCode) => outcomeOf({ status, exitCode })));
    for (const outcome of [...ends, outcomeOf({ exitCode: 1 }), outcomeOf({ exitCode: null })]) {
      const result = makeAdapter().read(plan, outcome, passing);
      expect(result).toMatchObject({ verdict: "failed" });
      expect(result.reason).not.toBe("");
    }
  });

  test.each(samples.reports)("$name: no report, an empty one and a foreign one fail", async ({ files }) => {
    const plan = await testPlan(files);
    for (const report of [null, "", " \n", "{}", "[]", "null", "<html></html>", "hello\n", "\u0000\uFFFD<"]) {
      expect(makeAdapter().read(plan, outcomeOf(), report)).toMatchObject({ verdict: "failed", not_passed: null });
    }
  });

  test.each(samples.reports)("$name: a report that is cut off anywhere fails", async ({ files, passing }) => {
    const plan = await testPlan(files);
    const end = passing.trimEnd().length;
    const fooled = Array.from({ length: end }, (_, length) => passing.slice(0, length)).filter(
      (part) => makeAdapter().read(plan, outcomeOf(), part).verdict === "passed",
    );
    expect(fooled).toEqual([]);
  });
}
