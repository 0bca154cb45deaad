import { join } from "node:path";
import { exists } from "../../orchestrator/io/files.ts";
import { createFileInside } from "../../orchestrator/io/new-file.ts";
import { realFolder } from "../../orchestrator/io/plain-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { type PatternNursery, stagingFolder } from "../../orchestrator/schema/pattern-ingest.ts";
import type { PatternLibrary } from "../../orchestrator/schema/pattern-port.ts";
import { proposeCandidate } from "./propose-candidate.ts";

/** Candidates that are proposed against the patterns of a library. */
export function createPatternNursery(library: PatternLibrary): PatternNursery {
  return { propose: (request) => proposeCandidate(library, request), stage: stageCandidate };
}

/** `candidate.yaml` comes last: without it a folder is no candidate. */
async function stageCandidate(root: string, id: string, files: ReadonlyMap<string, string>): Promise<string> {
  const folder = `${stagingFolder}/${id}`;
  const real = realFolder(root) ?? root;
  if (await exists(join(real, folder)))
    throw new OrchestratorError(
      "path_refused",
      `${folder} is there already, and nothing is overwritten; remove it, or name another --id`,
    );
  const last = "candidate.yaml";
  const names = [...files.keys()].filter((name) => name !== last);
  for (const name of [...names, last]) await createFileInside(real, `${folder}/${name}`, files.get(name) ?? "");
  return folder;
}
