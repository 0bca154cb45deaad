import type { Orchestrator, RunHandle, RunManifest } from "../../../orchestrator/index.ts";
import type { Clock } from "../../../orchestrator/io/clock.ts";
import { newId } from "../../../orchestrator/io/ids.ts";
import type { WorkflowSetup } from "../../schema/workflow.ts";

const resumesMax = 20;
/** How long a run that was told to end has, before its runner is stopped. */
const cancelMs = 2_000;

/** A person who answers from a list. */
export interface Answering {
  readonly answers: WorkflowSetup["answers"];
  readonly clock: Clock;
}

/**
 * Waits for a run to end, answering its questions from the list; a question without an answer leaves it blocked. When `signal` is aborted
 * the run is cancelled, and by `stop` its runner is stopped where it does not heed that.
 */
export async function driveToEnd(
  orchestrator: Orchestrator,
  run: RunHandle,
  { answers, clock }: Answering,
  { signal, stop }: { readonly signal: AbortSignal; readonly stop: AbortController },
): Promise<RunManifest> {
  const left = [...answers];
  let manifest = await endOf(run, signal, stop);
  for (let resumes = 0; manifest.status === "blocked" && !signal.aborted && resumes < resumesMax; resumes += 1) {
    const open = manifest.questions.find(({ answer }) => answer === null)?.question;
    const at = left.findIndex(({ on }) => on === open?.kind);
    const [given] = at === -1 ? [] : left.splice(at, 1);
    if (open === undefined || given === undefined) return manifest;
    const { answer, message } = given;
    await orchestrator.runs.submit(run.key, {
      ...{ schema_version: 1, id: newId(clock), at: clock.now().toISOString(), verb: "answer", answer },
      actor: { kind: "person", id: "dataset", authenticated_by: "local_user" },
      question_id: open.id,
      subject_sha256: open.subject_sha256,
      ...(message === undefined ? {} : { message }),
    });
    const resumed = await orchestrator.resume(run.key.runId, { signal: stop.signal, reason: "answered" });
    manifest = await endOf(resumed, signal, stop);
  }
  return manifest;
}

async function endOf(run: RunHandle, signal: AbortSignal, stop: AbortController): Promise<RunManifest> {
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => {
    timer = setTimeout(() => stop.abort(), cancelMs);
    // A run that ended in this moment takes no command, and needs none.
    run.cancel("the time of the sample is up").catch(() => {});
  };
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await run.finished();
  } finally {
    signal.removeEventListener("abort", cancel);
    clearTimeout(timer);
  }
}
