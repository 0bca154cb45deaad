import type { z } from "zod";
import { type AgentOutcome, runAgent } from "../agents/run-agent.ts";
import type { StepState } from "../flow/run-state.ts";
import { createRecordingModel } from "../models/recording-model.ts";
import { openSession, type StepSession, transcriptOf } from "../models/step-session.ts";
import { countCalls, type ToolTape } from "../models/tool-tape.ts";
import { labelAmong } from "../schema/checked-project.ts";
import { BuildSummary, type StepDocument, TestSummary } from "../schema/handoff.ts";
import { Plan } from "../schema/plan.ts";
import { Review } from "../schema/review.ts";
import type { TestReport } from "../schema/test-report.ts";
import type { Workbench } from "../schema/workspace-port.ts";
import { runCheckDurably } from "../tools/check-tools.ts";
import { createDurableTools, type DurableToolOptions } from "../tools/durable-tool.ts";
import { toolsOfRole } from "../tools/tools-of-role.ts";
import { reserveFor } from "./budget.ts";
import { checksOn, compareWithBase } from "./compare-with-base.ts";
import { keepError } from "./keep-error.ts";
import type { RunContext } from "./run-context.ts";
import { worstResults } from "./worst-results.ts";

/** Lets the agent of a step work, and adds what the runner itself observes: the change, and what the checks did. */
export async function workOf(run: RunContext, step: StepState): Promise<AgentOutcome<StepDocument>> {
  const work = await openWork(run, step);
  switch (step.role) {
    case "planner":
      return mapDocument(await agentOf(work, Plan), (plan) => ({ role: "planner", plan }));
    case "builder":
      return mapDocument(await agentOf(work, BuildSummary), async (summary) => {
        const { change } = await work.bench.workspace.change();
        return { role: "builder", summary, change };
      });
    case "tester":
      return mapDocument(await agentOf(work, TestSummary), async (summary) => ({
        role: "tester",
        summary,
        report: await reportOf(work),
      }));
    case "reviewer":
      return mapDocument(await agentOf(work, Review), (review) => ({ role: "reviewer", review }));
  }
}

/** One agent's step with all that it works with. */
interface Work {
  readonly run: RunContext;
  readonly step: StepState;
  readonly bench: Workbench;
  readonly session: StepSession;
  readonly durable: DurableToolOptions;
}

async function openWork(run: RunContext, step: StepState): Promise<Work> {
  const { journal, clock, signal } = run;
  const bench = await run.bench();
  const { tape } = await run.models.ofRole(step.role);
  const session = openSession({
    stepId: step.stepId,
    agent: step.role,
    transcript: transcriptOf(journal.lease.events, step.stepId),
    append: (draft) => journal.append(draft),
  });
  return {
    run,
    step,
    bench,
    session,
    durable: {
      session,
      clock,
      signal,
      snapshot: () => bench.workspace.snapshot(),
      keepError: (slug, content) => keepError(journal.lease, slug, content),
      ...recordedBy(run, tape),
    },
  };
}

/** Gives what commands did in the run that is replayed, each result once, in the order of the record. */
function recordedBy({ journal }: RunContext, tape: ToolTape | undefined): Pick<DurableToolOptions, "recorded"> {
  if (tape === undefined) return {};
  return {
    recorded: (call) => {
      const finished = tape.find(call, countCalls(journal.lease.events, call));
      return finished === null ? null : { runId: tape.runId, finished };
    },
  };
}

async function agentOf<Schema extends z.ZodObject>(work: Work, schema: Schema): Promise<AgentOutcome<z.infer<Schema>>> {
  const { run, step, session, durable } = work;
  const { policy } = run.journal.state.created;
  const planPaths = step.input.role === "planner" ? ["**"] : step.input.plan.items.flatMap(({ paths }) => paths);
  const tools = toolsOfRole(step.role, { bench: work.bench, patterns: run.patterns, policy, planPaths });
  const inner = await run.models.ofRole(step.role);
  return runAgent(
    {
      role: step.role,
      model: createRecordingModel({ ...run, inner, session, reserve: reserveFor(run, inner) }),
      tools: createDurableTools(tools, durable),
      input: step.input,
      turnsMax: policy.limits.turns_per_step,
      signal: run.signal,
      traceGroup: run.journal.lease.key.runId,
    },
    schema,
  );
}

async function mapDocument<From>(
  outcome: AgentOutcome<From>,
  map: (document: From) => StepDocument | Promise<StepDocument>,
): Promise<AgentOutcome<StepDocument>> {
  return outcome.kind === "gave_up" ? outcome : { kind: "document", document: await map(outcome.document) };
}

/**
 * The report is taken from what the commands did on the files as they are, in this step and in those before it, so that nobody runs a check
 * until it passes. A check that the tester left out is run here, so no claim can stand in for it.
 */
async function reportOf(work: Work): Promise<TestReport> {
  const { bench, run, step } = work;
  const tree = await bench.workspace.snapshot();
  for (const goal of bench.prepared.goals) {
    const isRun = checksOn(run, tree).some(({ stepId, check }) => stepId === step.stepId && check.goal === goal);
    if (!isRun) await runCheckDurably(bench, goal, work.durable);
  }
  const results = checksOn(run, tree).map(({ check }) => check);
  const comparison = await compareWithBase({ ...run, bench, durable: work.durable }, tree);
  const required = requiredGoals(bench.prepared);
  return { tree, ...required, checks: worstResults(results), comparison };
}

/** Of one project, the goals; of several, those of each as well. */
function requiredGoals({ goals, projects = [] }: Workbench["prepared"]): Pick<TestReport, "required" | "projects"> {
  if (projects.length < 2) return { required: goals };
  const required = projects.map((project) => ({ ...labelAmong(project, projects), required: project.goals }));
  return { required: goals, projects: required.filter((each) => each.required.length > 0) };
}
