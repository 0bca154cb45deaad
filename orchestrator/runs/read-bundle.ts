import { sha256 } from "../io/hash.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunKey } from "../schema/run-store.ts";
import type { RunArchive } from "./run-archive.ts";

const bundleName = "change.bundle";

/** The commit of a run as it was recorded: bytes that do not have the recorded hash are never given to git. Throws `run_damaged`. */
export async function readBundle(runs: RunArchive, key: RunKey, { artifacts }: RunManifest): Promise<Uint8Array> {
  const recorded = artifacts.find(({ name }) => name === bundleName);
  if (recorded === undefined)
    throw new OrchestratorError("run_damaged", `run ${key.runId} has recorded no ${bundleName}; see runs verify`);
  const bundle = await runs.readArtifact(key, bundleName);
  if (sha256(bundle) === recorded.sha256) return bundle;
  throw new OrchestratorError(
    "run_damaged",
    `${bundleName} of run ${key.runId} was changed since it was recorded; see runs verify`,
  );
}

/** The commit of a run that passed. Throws `run_state_refused` for any other. */
export function acceptedCommit({ run_id, status, commit }: RunManifest): string {
  if (status === "passed" && commit !== null) return commit;
  throw new OrchestratorError(
    "run_state_refused",
    `run ${run_id} is ${status}: only the change of a run that passed every gate is applied; runs show says where it stands`,
  );
}
