import { z } from "zod";
import { messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { Dataset, type Sample } from "../schema/sample.ts";

/** A list, or the JSON text of one, as the published files have it. */
const Names = z.union([
  z.array(z.string()),
  z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
]);

const Instance = z.object({
  instance_id: z.string(),
  repo: z.string(),
  base_commit: z.string(),
  problem_statement: z.string().optional(),
  patch: z.string(),
  test_patch: z.string(),
  FAIL_TO_PASS: Names,
  PASS_TO_PASS: Names,
});

/** Which state an instance begins with. */
export type Checkout = Pick<z.infer<typeof Instance>, "instance_id" | "repo" | "base_commit">;

/**
 * Reads instances in the JSONL of SWE-bench. `folderOf` names the folder that holds a repository at its base commit; nothing is fetched. Throws
 * `document_invalid` with the line.
 */
export function readSweBench(text: string, id: string, folderOf: (checkout: Checkout) => string): Dataset {
  const samples = text.split("\n").flatMap((line, index): Sample[] => {
    if (line.trim() === "") return [];
    try {
      return [sampleOf(Instance.parse(JSON.parse(line)), folderOf)];
    } catch (error) {
      throw new OrchestratorError("document_invalid", `line ${index + 1} is no instance: ${messageOf(error)}`);
    }
  });
  const dataset = Dataset.safeParse({ schema_version: 1, id, samples });
  if (dataset.success) return dataset.data;
  throw new OrchestratorError("document_invalid", `${id} is no dataset: ${z.prettifyError(dataset.error)}`);
}

function sampleOf(instance: z.infer<typeof Instance>, folderOf: (checkout: Checkout) => string): Sample {
  const { instance_id, repo, problem_statement, patch, test_patch, FAIL_TO_PASS, PASS_TO_PASS } = instance;
  return {
    id: instance_id,
    tags: [repo],
    fixture: { folder: folderOf(instance) },
    ...(problem_statement ? { goal: problem_statement } : {}),
    target: { patch, test_patch, fail_to_pass: FAIL_TO_PASS, pass_to_pass: PASS_TO_PASS },
  };
}
