import { gatesBehind } from "../../flow/next-move.ts";
import { reportFindings } from "../../gates/test-gate.ts";
import type { Delegate } from "../../schema/primitives.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";

const roles = ["planner", "builder", "tester", "reviewer"] as const satisfies readonly Delegate[];

/**
 * Why a manifest does not show that its run passed and made a commit, in one sentence, or null: what it says of itself must
 * fit together. It tells a claim that contradicts itself, not who made it.
 */
export function manifestProblem(manifest: RunManifest): string | null {
  const run = `the run ${manifest.run_id}`;
  const why = standingProblem(manifest) ?? changeProblem(manifest) ?? stepsProblem(manifest) ?? testsProblem(manifest);
  return why === null ? null : `${run} ${why}`;
}

function standingProblem({ status, task, task_id, created_at, finished_at, log }: RunManifest): string | null {
  if (status !== "passed") return `is ${status}, not passed`;
  if (task.id !== task_id) return `is of the task ${task_id}, and its task is ${task.id}`;
  if (finished_at === null || finished_at < created_at) return "has no end after its beginning";
  return log.events < 1 || log.epochs < 1 ? "has no log" : null;
}

function changeProblem({ commit, change, repository, artifacts }: RunManifest): string | null {
  if (commit === null || change === null) return "has no commit";
  if (change.head_commit !== commit) return "names two commits";
  if (change.base_commit !== repository.base_commit) return "names two commits that it began with";
  if (change.tree === repository.base_tree || change.paths.length === 0) return "changed nothing";
  const patch = artifacts.find(({ name }) => name === "change.patch");
  return patch?.sha256 === change.patch_sha256 ? null : "does not name the patch of its change";
}

/** The last finished step of each role must have passed every gate behind that role. */
function stepsProblem({ steps, gates }: RunManifest): string | null {
  for (const role of roles) {
    const step = steps.findLast((each) => each.role === role && each.status === "finished");
    if (step === undefined) return `has no finished step of the ${role}`;
    for (const name of gatesBehind[role]) {
      const said = gates.findLast(({ step_id, verdict }) => step_id === step.step_id && verdict.gate === name);
      if (said?.verdict.decision !== "pass") return `did not pass the ${name} gate behind ${step.step_id}`;
    }
  }
  return null;
}

/** What the plan gave up of the tests, the gate judged, whose verdict is on record; the report alone must show a pass. */
function testsProblem({ tests, change }: RunManifest): string | null {
  const isShown = tests !== null && reportFindings(tests, change?.tree ?? "").length === 0;
  return isShown ? null : "has a test report that shows no pass";
}
