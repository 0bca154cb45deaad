import { parseIdentity } from "../../../io/host.ts";
import { indentText } from "../../text/layout.ts";
import { formatTime } from "../../text/quantities.ts";
import { safeLine } from "../../text/safe-text.ts";
import type { QuestionContext } from "../question-view.ts";
import type { RunReport } from "../run-report-document.ts";

/** Whether somebody works on the run now, and how to go on where not. */
export function holderSection(
  { manifest, heartbeat, liveness }: RunReport,
  { paint, hints, width }: QuestionContext,
): string {
  const isOver = manifest.finished_at !== null;
  if (isOver || (liveness === "none" && manifest.status !== "running")) return "";
  const resume = hints.command("resume", manifest.run_id);
  const seen =
    heartbeat === null
      ? ""
      : `; last seen ${formatTime(heartbeat.at)}${heartbeat.step_id === null ? "" : ` in ${safeLine(heartbeat.step_id)}`}`;
  const words = {
    none: `nobody works on this run; go on with: ${resume}`,
    alive: `works on it${seen}`,
    stale: `${paint.yellow("stale")}: no sign of life for too long${seen}; take it over with: ${resume}`,
    dead: `${paint.red("stale")}: its process is gone${seen}; take it over with: ${resume}`,
    unknown: `${paint.yellow("unknown")}: it cannot be told from here whether its process is there${seen}; if you know that it is not: ${resume}`,
  } as const;
  const who = heartbeat === null ? "somebody" : holderName(heartbeat.holder);
  return indentText(liveness === "alive" ? `${who} ${words.alive}` : words[liveness], 2, width);
}

/** The holder as people name it, where it is a process that names itself as ours do. */
function holderName(holder: string): string {
  const identity = parseIdentity(holder);
  return safeLine(identity === null ? holder : `process ${identity.pid} on ${identity.host}`);
}
