import type { CommandRequest } from "../schema/process-port.ts";
import { type Ending, runInto } from "./run-process.ts";

/** How a program ended, and what it said on each stream. */
export interface CapturedProcess extends Ending {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
  /** True where a stream said more than was kept. */
  readonly isCut: boolean;
}

/**
 * Runs a program as `runProcess` does, and keeps what it says apart by stream and as it is: for a program whose answer is read, and never
 * written to a record. Keeps the first `bytesMax` bytes of each stream. Never rejects for what the program did.
 */
export async function captureProcess(
  request: Omit<CommandRequest, "outputBytesMax" | "outputFile">,
  bytesMax: number,
): Promise<CapturedProcess> {
  const kept = { stdout: { chunks: [] as Buffer[], bytes: 0 }, stderr: { chunks: [] as Buffer[], bytes: 0 } };
  let isCut = false;
  const ending = await runInto(
    { ...request, outputBytesMax: bytesMax },
    {
      write: async (source, chunk) => {
        const stream = kept[source];
        const part = chunk.subarray(0, bytesMax - stream.bytes);
        isCut ||= part.length < chunk.length;
        stream.bytes += part.length;
        if (part.length > 0) stream.chunks.push(part);
      },
    },
  );
  return { ...ending, stdout: Buffer.concat(kept.stdout.chunks), stderr: Buffer.concat(kept.stderr.chunks), isCut };
}
