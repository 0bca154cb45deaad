import type { CandidateBench } from "../../orchestrator/schema/pattern-ingest.ts";
import type { Placement } from "../libraries/place-library.ts";
import { promoteCandidate } from "./promote-candidate.ts";
import { isCandidateFolder, testCandidate } from "./test-candidate.ts";

/** Tests candidates from copies in a cache, and moves those that pass. */
export function createCandidateBench(placement: Placement): CandidateBench {
  return {
    holds: isCandidateFolder,
    test: async (folder) => (await testCandidate(folder, placement)).results,
    promote: (request) => promoteCandidate(request, placement),
  };
}
