import type { FailedCall } from "../pipeline/command-executor.ts";
import type { Redactor } from "../schema/process-port.ts";
import { rawBytesMax, type UnusableAnswer } from "./wire.ts";

/** Characters of a payload that are kept. */
const rawLengthMax = 65_536;

/** What a server said in place of an answer, as it may be kept: redacted first and cut after, so that no part of a secret stays at the end. */
export async function readFailedCall(
  redactor: Pick<Redactor, "text">,
  { reason, raw }: UnusableAnswer,
): Promise<FailedCall> {
  const redacted = await redactor.text(raw.slice(0, rawBytesMax));
  return {
    summary: (await redactor.text(`the MCP server did not say how it ended: ${reason}`)).slice(0, 1000),
    raw: redacted.slice(0, rawLengthMax),
    truncated: redacted.length > rawLengthMax || raw.length > rawBytesMax,
  };
}
