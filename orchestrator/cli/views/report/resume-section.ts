import type { RunManifest } from "../../../schema/run-manifest.ts";
import { indentText } from "../../text/layout.ts";
import { formatTime } from "../../text/quantities.ts";
import { safeLine } from "../../text/safe-text.ts";

/** Who took the run over, when and why. */
export function resumeSection({ resume_events }: RunManifest, width: number): string {
  return resume_events
    .map(({ timestamp, actor, epoch, reason }) =>
      indentText(`epoch ${epoch} at ${formatTime(timestamp)} by ${safeLine(actor.id)}: ${safeLine(reason)}`, 2, width),
    )
    .join("\n");
}
