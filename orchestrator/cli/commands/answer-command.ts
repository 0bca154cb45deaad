import { OrchestratorError } from "../../schema/errors.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import type { Question } from "../../schema/verdict.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { openNamedRun } from "./open-repository.ts";
import { assertUnfinished, commandHead, sayAndGoOn } from "./say-to-run.ts";

/** `approve`: answers the open question of a run with yes. */
export function approveCommand(context: CommandContext): Promise<number> {
  return answer(context, "approve");
}

/** `reject`: answers the open question of a run with no. */
export function rejectCommand(context: CommandContext): Promise<number> {
  return answer(context, "reject");
}

async function answer(context: CommandContext, decision: "approve" | "reject"): Promise<number> {
  const run = await openNamedRun(context);
  const manifest = await run.runs.manifest(run.key);
  assertUnfinished(manifest, decision);
  const question = chooseQuestion(manifest, context.args.text("question"));
  const followed = await sayAndGoOn(context, run, {
    ...commandHead(context),
    verb: "answer",
    question_id: question.id,
    subject_sha256: question.subject_sha256,
    answer: decision,
  });
  return followed === null ? exitCodes.yes : followed.exitCode;
}

/**
 * The question that is answered. Where the run asked more than once it must be named, since the open one may be newer than the
 * one that was seen. Throws `run_state_refused` where none is open, `usage` for an id that is missing or that no question has.
 */
export function chooseQuestion({ run_id, status, questions }: RunManifest, id: string | undefined): Question {
  const open = questions.filter(({ answer }) => answer === null).map(({ question }) => question);
  const wanted = id === undefined ? open : open.filter((question) => question.id === id);
  const [first] = wanted;
  if (first !== undefined && (id !== undefined || questions.length === 1)) return first;
  if (first !== undefined) {
    const asked = open
      .map(({ id: name, kind, subject }) => `--question ${name} (${kind} about ${subject})`)
      .join(" or ");
    throw new OrchestratorError(
      "usage",
      `run ${run_id} has asked ${questions.length} questions, so say which one you answer: ${asked}; runs show says what it asks`,
    );
  }
  if (id !== undefined && !questions.some(({ question }) => question.id === id)) {
    throw new OrchestratorError("usage", `run ${run_id} has no question ${id}; runs show lists its questions`);
  }
  const what = id === undefined ? `asks nothing now (it is ${status})` : `has an answer to ${id} already`;
  throw new OrchestratorError("run_state_refused", `run ${run_id} ${what}`);
}
