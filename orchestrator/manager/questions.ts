import type { RunState } from "../flow/run-state.ts";
import { hashJson } from "../io/hash.ts";
import type { GrantableLimit } from "../schema/budget.ts";
import type { QuestionKind } from "../schema/verdict.ts";
import type { RunContext } from "./run-context.ts";

/** Asks a person: the question is an event that pins what is asked about, and the run blocks at the next move. */
export async function askQuestion(
  run: RunContext,
  kind: QuestionKind,
  subject: string,
  text: string,
  limits?: readonly GrantableLimit[],
): Promise<void> {
  const { journal, clock } = run;
  await journal.note("question_asked", {
    question: {
      id: `q${journal.state.questions.length + 1}`,
      kind,
      text,
      subject,
      subject_sha256: hashSubject(journal.state, subject),
      asked_at: clock.now().toISOString(),
      ...(limits === undefined ? {} : { limits: [...limits] }),
    },
  });
}

/** The hash of what a question is about: the document and tree of a step, or the state of the whole run. */
function hashSubject(state: RunState, subject: string): string {
  const step = state.steps.find(({ stepId }) => stepId === subject);
  return hashJson(
    step === undefined ? { run: subject, events: state.lastSeq } : { document: step.document, tree: step.tree },
  );
}
