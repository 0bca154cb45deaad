import type { RunManifest } from "../../../schema/run-manifest.ts";
import { indentText } from "../../text/layout.ts";
import type { Paint } from "../../text/paint.ts";
import { formatTime, shortHash } from "../../text/quantities.ts";
import { safeBlock, safeLine } from "../../text/safe-text.ts";
import { markOfDecision } from "../marks.ts";

/** What the run asked, and who said what when. */
export function answersSection({ questions }: RunManifest, paint: Paint, width: number): string {
  return questions
    .flatMap(({ question, answer }) => {
      const head = `${question.kind} about ${safeLine(question.subject)} (${shortHash(question.subject_sha256)})`;
      if (answer === null)
        return [`  ${paint.yellow("?")} ${head}: asked ${formatTime(question.asked_at)}, not answered`];
      const { decision, actor, at, message } = answer;
      const mark = markOfDecision(decision === "approve" ? "pass" : "refuse", paint);
      const who = `${safeLine(actor.id)} (${actor.kind}, ${actor.authenticated_by})`;
      return [
        `  ${mark} ${head}`,
        indentText(`${decision === "approve" ? "approved" : "rejected"} by ${who} at ${formatTime(at)}`, 6, width),
        ...(message === null ? [] : [indentText(`"${safeBlock(message)}"`, 6, width)]),
      ];
    })
    .join("\n");
}
