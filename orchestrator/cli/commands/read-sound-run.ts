import { join } from "node:path";
import { documentBytesMax } from "../../evidence/document-bytes-max.ts";
import { readFileIfThere } from "../../io/files.ts";
import { signatureName } from "../../runs/manifest-signature.ts";
import type { RunArchive } from "../../runs/run-archive.ts";
import { verifyRun } from "../../runs/verify-run.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { RunManifest } from "../../schema/run-manifest.ts";
import type { RunKey } from "../../schema/run-store.ts";
import type { CommandContext } from "../command-spec.ts";
import { openRepositoryRuns } from "./open-repository.ts";

/** A run whose record was verified against its log just now. */
export interface SoundRun {
  readonly repository: string;
  readonly runs: RunArchive;
  readonly key: RunKey;
  readonly manifest: RunManifest;
  /** The manifest's file. */
  readonly bytes: Buffer;
  readonly signature: Buffer | null;
}

/** Reads the run with this name. Throws `run_damaged` where its record does not hold. */
export async function readSoundRun(context: CommandContext, named: string): Promise<SoundRun> {
  const { repository, runs, runsRoot, run } = await openRepositoryRuns(context);
  const key = await run(named);
  const folder = join(runsRoot, key.taskId, key.runId);
  const verified = await verifyRun(folder);
  if (!verified.ok)
    throw new OrchestratorError(
      "run_damaged",
      `the run ${key.runId} cannot be verified; see: runs verify ${key.runId}`,
    );
  const bytes = await readFileIfThere(join(folder, "manifest.json"), documentBytesMax);
  if (bytes === null) throw new OrchestratorError("run_damaged", `the run ${key.runId} has no manifest`);
  const signature = await readFileIfThere(join(folder, signatureName), documentBytesMax);
  return { repository, runs, key, manifest: RunManifest.parse(JSON.parse(bytes.toString("utf8"))), bytes, signature };
}
