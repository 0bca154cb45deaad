import { createOutputSink } from "../io/process-output.ts";
import type { LocalExecutorParts } from "../pipeline/local-executor.ts";
import { localOutputBytesMax } from "../pipeline/local-executor.ts";
import type { RunAnswer } from "../schema/mcp.ts";
import type { CommandOutcome } from "../schema/process-port.ts";

/** Writes the output of an answer where a command's output goes, redacted and capped as any other. Throws `disk_failed`. */
export async function keepAnswer(
  { redactor, policy }: Pick<LocalExecutorParts, "redactor" | "policy">,
  answer: RunAnswer,
  outputFile: string,
): Promise<CommandOutcome> {
  const sink = await createOutputSink(redactor, localOutputBytesMax(policy), outputFile);
  try {
    await sink.write("stdout", Buffer.from(answer.output));
    const kept = await sink.finish();
    return {
      status: answer.status,
      exitCode: answer.exit_code,
      signal: answer.signal,
      durationMs: answer.duration_ms ?? 0,
      outputTail: answer.output_tail === undefined ? kept.tail : await redactor.text(answer.output_tail),
      outputBytes: answer.output_bytes ?? kept.bytes,
      outputTruncated: kept.truncated || answer.output_truncated,
      detail: answer.detail,
    };
  } finally {
    await sink.close();
  }
}
