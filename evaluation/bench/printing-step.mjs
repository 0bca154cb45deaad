import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The peak memory of a process while one of its commands prints 20 MiB. */
export async function measurePrintingStep(row, folder) {
  const child = fork(fileURLToPath(new URL("./printing-child.mjs", import.meta.url)), [join(folder, "output.log")]);
  const [{ peakMiB, baseMiB }] = await once(child, "message");
  row("peak memory while a step prints 20 MiB", peakMiB, "MiB", "<= 120");
  row("memory of the same process before", baseMiB, "MiB");
}
