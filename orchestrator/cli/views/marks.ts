import type { RunStatus } from "../../schema/run-manifest.ts";
import type { Decision } from "../../schema/verdict.ts";
import type { Paint } from "../text/paint.ts";

/** One coloured sign for a decision or verdict. */
export function markOfDecision(decision: Decision["decision"] | "passed" | "failed", paint: Paint): string {
  switch (decision) {
    case "pass":
    case "passed":
      return paint.green("✓");
    case "refuse":
    case "failed":
      return paint.red("✗");
    case "ask":
      return paint.yellow("?");
  }
}

/** The status in its colour. */
export function paintStatus(status: RunStatus | "damaged", paint: Paint, text: string = status): string {
  switch (status) {
    case "passed":
      return paint.green(text);
    case "running":
      return paint.cyan(text);
    case "blocked":
    case "paused":
      return paint.yellow(text);
    case "refused":
    case "faulted":
    case "damaged":
      return paint.red(text);
    case "cancelled":
      return paint.dim(text);
  }
}
