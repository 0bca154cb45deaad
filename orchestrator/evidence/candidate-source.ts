import { OrchestratorError } from "../schema/errors.ts";
import type { CandidateSource } from "../schema/pattern-ingest.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import { manifestProblem } from "./guard/manifest-problem.ts";

/**
 * A run as the source of a candidate. That it passed is not enough: a person must have approved the very build that was committed, since a
 * reviewer among the agents approves every run that passes. Throws `run_state_refused` with the reason.
 */
export function candidateSource(manifest: RunManifest, manifestSha256: string): CandidateSource {
  const problem = manifestProblem(manifest);
  if (problem !== null) throw new OrchestratorError("run_state_refused", `${problem}, so nothing is learnt from it`);
  const approved_by = [...approversOf(manifest)];
  const { run_id, task_id, commit, repository } = manifest;
  if (approved_by.length === 0 || commit === null)
    throw new OrchestratorError(
      "run_state_refused",
      `no person approved the change of the run ${run_id}, so nothing is learnt from it; start a run with --approve finish, and approve it`,
    );
  return { run_id, task_id, manifest_sha256: manifestSha256, base_commit: repository.base_commit, commit, approved_by };
}

/** The people who said yes to the last build. */
function approversOf({ questions, steps }: RunManifest): readonly string[] {
  const build = steps.findLast(({ role, status }) => role === "builder" && status === "finished");
  return questions.flatMap(({ question: { kind, subject }, answer }) => {
    const isOfBuild = kind === "finish_approval" && subject === build?.step_id;
    return isOfBuild && answer?.decision === "approve" && answer.actor.kind === "person" ? [answer.actor.id] : [];
  });
}
