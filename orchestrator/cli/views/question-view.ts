import type { Plan } from "../../schema/plan.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import type { Question } from "../../schema/verdict.ts";
import { type Hints, quoteForShell } from "../hints.ts";
import { indentText, layTable, wrapText } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { shortHash } from "../text/quantities.ts";
import { safeBlock, safeLine } from "../text/safe-text.ts";
import { changeText } from "./run-facts.ts";

/** The question that waits for an answer, or null. */
export function openQuestionOf(manifest: RunManifest): Question | null {
  return manifest.questions.find(({ answer }) => answer === null)?.question ?? null;
}

/** What a view needs besides the manifest. `plan` is the one that the question is about, where it is about one. */
export interface QuestionContext {
  readonly plan: Plan | null;
  readonly hints: Hints;
  readonly paint: Paint;
  readonly width: number;
}

/** A question with what it is about, and the commands that answer it. */
export function questionView(manifest: RunManifest, question: Question, context: QuestionContext): string {
  const { hints, paint, width } = context;
  const about = question.subject === "run" ? "the run" : safeLine(question.subject);
  return [
    `${paint.yellow("?")} ${paint.bold(question.kind.replaceAll("_", " "))} about ${about} ${paint.dim(`(${shortHash(question.subject_sha256)})`)}`,
    indentText(safeBlock(question.text), 2, width),
    ...subjectLines(manifest, question, context),
    "",
    paint.bold("Answer with"),
    layTable(answerRows(manifest, question, hints), 2),
  ].join("\n");
}

function subjectLines(
  manifest: RunManifest,
  question: Question,
  { plan, paint, width }: QuestionContext,
): readonly string[] {
  if (question.kind === "plan_approval" && plan !== null) return planLines(plan, paint, width);
  if (question.kind === "finish_approval") return [`  change: ${changeText(manifest)}`];
  return [];
}

function planLines(plan: Plan, paint: Paint, width: number): readonly string[] {
  return [
    "",
    ...wrapText(`  ${paint.bold("plan")} ${safeLine(plan.summary)}`, width),
    ...plan.items.flatMap((item) => [
      indentText(
        `${safeLine(item.id)}: ${safeLine(item.description)}${item.pattern === null ? "" : ` [${safeLine(item.pattern)}]`}`,
        4,
        width,
      ),
      indentText(paint.dim(`may change ${item.paths.map(safeLine).join(", ")}`), 6, width),
    ]),
  ];
}

/** Each hint names its question, so that a command that is copied late never answers a newer one. */
function answerRows(
  manifest: RunManifest,
  { id, kind, limits }: Question,
  hints: Hints,
): readonly (readonly string[])[] {
  const run = manifest.run_id;
  const approve = hints.command("approve", run, "--question", quoteForShell(id));
  const reject = hints.command("reject", run, "--question", quoteForShell(id));
  const rejectWithWords = `${reject} --message "…"`;
  const look = kind === "finish_approval" ? [[hints.command("runs", "diff", run), "shows the change"]] : [];
  switch (kind) {
    case "plan_approval":
    case "finish_approval":
      return [
        ...look,
        [approve, "goes on"],
        [rejectWithWords, "sends it back with your words"],
        [reject, "ends the run"],
      ];
    case "stuck":
      return [
        [`${approve} --message "…"`, "another round, guided by your words"],
        [reject, "ends the run"],
      ];
    case "budget_spent":
      return [
        [approve, whatApprovalDoes(limits)],
        [reject, "ends the run"],
      ];
  }
}

function whatApprovalDoes(limits: Question["limits"]): string {
  return limits === undefined || limits.length === 0
    ? "tries again"
    : `grants ${limits.join(" and ").replaceAll("_", " ")} once more`;
}
