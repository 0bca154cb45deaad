import { displayWidth, truncateText } from "../text/display-width.ts";
import type { Paint } from "../text/paint.ts";
import { countOf, formatDuration } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { markOfDecision } from "../views/marks.ts";
import type { GateMark, ProgressState } from "./progress-state.ts";

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;

/** The live view as lines that each fit `width` columns, so that none wraps: what is done now, and the gates so far. */
export function progressBlock(
  state: ProgressState,
  view: { readonly elapsedSeconds: number; readonly frame: number; readonly width: number; readonly paint: Paint },
): readonly string[] {
  const room = Math.max(1, view.width - 1);
  const { paint } = view;
  const parts = [
    `${frames[view.frame % frames.length]} ${safeLine(state.doing)}`,
    formatDuration(view.elapsedSeconds),
    safeLine(state.detail),
    state.turns === 0 ? "" : countOf(state.turns, "turn"),
  ];
  const head = truncateText(parts.filter((part) => part !== "").join("  "), room);
  return [paint.cyan(head.slice(0, 1)) + head.slice(1), ...gateLines(state.gates, room, paint)];
}

function gateLines(gates: readonly GateMark[], width: number, paint: Paint): readonly string[] {
  const lines: string[] = [];
  for (const mark of gates) {
    const text = gateText(mark, paint);
    const last = lines.at(-1);
    const longer = last === undefined ? "" : `${last}  ${text}`;
    if (last !== undefined && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(displayWidth(`  ${text}`) <= width ? `  ${text}` : truncateText(gateText(mark, plain), width));
  }
  return lines;
}

const same = (text: string) => text;
const plain: Paint = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };

function gateText({ gate, decision, findings }: GateMark, paint: Paint): string {
  return `${markOfDecision(decision, paint)} ${gate}${findings === 0 ? "" : ` (${countOf(findings, "finding")})`}`;
}
