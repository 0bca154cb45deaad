import type { RunManifest } from "../../orchestrator/schema/run-manifest.ts";

/** Gates whose evidence holds times: what was used so far, and how long checks took. */
const timedGates: readonly string[] = ["budget", "test"];

/** A manifest without what differs between two runs of the same work: ids, times, and how often it was interrupted. */
export function essenceOf(manifest: RunManifest) {
  const { run_id, root_run, created_at, finished_at, commit, resume_events, log, artifacts, workspace, ...rest } =
    manifest;
  const { duration_seconds, ...metrics } = rest.metrics;
  return {
    ...rest,
    is_finished: finished_at !== null,
    is_committed: commit !== null,
    artifacts: artifacts
      // The bundle holds the commit, which carries the time of its build.
      .map(({ name, sha256 }) => (name === "change.bundle" ? name : `${name} ${sha256}`))
      .sort(),
    workspace: workspace === null ? null : { ...workspace, branch: "" },
    metrics,
    change: rest.change === null ? null : { ...rest.change, head_commit: null },
    pipeline: rest.pipeline && {
      ...rest.pipeline,
      commands: rest.pipeline.commands.map(
        ({ started_at, completed_at, duration_ms, interruptions, output, ...command }) => ({
          ...command,
          output,
        }),
      ),
    },
    questions: rest.questions.map(({ question: { asked_at, ...question }, answer }) => ({
      question,
      answer: answer === null ? null : { ...answer, at: "" },
    })),
    steps: rest.steps.map(({ started_at, finished_at: ended, ...step }) => step),
    // Each runner asks the gates before the commit for itself, so a death between them repeats the first.
    gates: rest.gates
      .map(({ step_id, verdict: { evidence_sha256, ...verdict } }) => ({
        step_id,
        verdict: timedGates.includes(verdict.gate) ? verdict : { ...verdict, evidence_sha256 },
      }))
      .filter(({ step_id, verdict }, at, all) => {
        const first = all.findIndex((each) => each.step_id === "finish" && each.verdict.gate === verdict.gate);
        return step_id !== "finish" || first === at;
      }),
    tests: {
      ...rest.tests,
      checks: rest.tests?.checks.map(({ duration_ms, output_tail, ...check }) => check),
    },
  };
}
