import { OrchestratorError } from "../schema/errors.ts";

const shape = /^(?:errors\/)?[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const taken =
  /^(?:events(?:\.\d+)?\.(?:jsonl|torn)|manifest(?:\.dsse)?\.json|heartbeat\.json|traces\.jsonl|inbox|blobs|errors)$/;

/** The artifact with the change of a build that no gate let through. */
export function unfinishedPatchName(stepId: string): string {
  return `${stepId}.patch`;
}

/** The build whose change an artifact with this name is, or null for any other artifact. */
export function buildOfUnfinishedPatch(name: string): string | null {
  return /^(builder\.\d+)\.patch$/.exec(name)?.[1] ?? null;
}

/** True for a file name, alone or in `errors/`, that is not one of the store's own files. */
export function isArtifactName(name: string): boolean {
  return shape.test(name) && !taken.test(name);
}

/** Throws `path_refused` for a name that is no artifact's. */
export function refuseArtifactName(name: string): void {
  if (isArtifactName(name)) return;
  throw new OrchestratorError(
    "path_refused",
    `"${name}" cannot name an artifact: use letters, digits, '.', '_' and '-', and no name of the run's own files`,
  );
}
