import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { parseYamlDocument } from "../../orchestrator/io/documents/yaml-document.ts";
import { readFileIfThere } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { Slug } from "../../orchestrator/schema/primitives.ts";
import { readCodemodFolder } from "../datasets/read-codemod-folder.ts";
import { readSweBench } from "../datasets/read-swe-bench.ts";
import { readYamlDataset } from "../datasets/read-yaml-dataset.ts";
import { Dataset, Sample } from "../schema/sample.ts";
import type { EvaluationDefinition } from "./definition.ts";
import { byName } from "./registry.ts";
import { shippedEvaluations } from "./shipped-evaluations.ts";
import { ScorerChoice } from "./shipped-scorers.ts";
import { SolverChoice } from "./shipped-solvers.ts";

const bytesMax = 1_048_576;
const jsonlBytesMax = 268_435_456;

/** Reads a dataset; paths are relative to the folder of the definition. */
type ReadDataset = (folder: string) => Promise<Dataset>;

const path = z.string().min(1);

const DatasetChoice = byName(
  "kind of dataset",
  z.strictObject({ use: z.literal("yaml"), file: path }).transform(
    ({ file }): ReadDataset =>
      (folder) =>
        readYamlDataset(resolve(folder, file)),
  ),
  z.strictObject({ use: z.literal("samples"), id: Slug, samples: z.array(Sample).min(1) }).transform(
    ({ id, samples }): ReadDataset =>
      async () =>
        Dataset.parse({ schema_version: 1, id, samples }),
  ),
  z.strictObject({ use: z.literal("codemod-folder"), id: Slug, folder: path, pattern: path.optional() }).transform(
    ({ id, folder: cases, pattern }): ReadDataset =>
      (folder) =>
        readCodemodFolder(resolve(folder, cases), id, pattern),
  ),
  z.strictObject({ use: z.literal("swe-bench"), id: Slug, file: path, checkouts: path }).transform(
    ({ id, file, checkouts }): ReadDataset =>
      async (folder) =>
        readSweBench(await readText(resolve(folder, file)), id, (instance) =>
          join(resolve(folder, checkouts), instance.instance_id),
        ),
  ),
  z.strictObject({ use: z.literal("shipped"), name: path }).transform(
    ({ name }): ReadDataset =>
      async () => {
        const shipped = shippedEvaluations();
        const dataset = Object.hasOwn(shipped, name) ? shipped[name]?.dataset : undefined;
        if (dataset === undefined) {
          const names = Object.keys(shipped).join(", ");
          throw new OrchestratorError("document_invalid", `there is no shipped evaluation ${name}; there are ${names}`);
        }
        return typeof dataset === "function" ? dataset() : dataset;
      },
  ),
);

const YamlDefinition = z.strictObject({
  schema_version: z.literal(1),
  dataset: DatasetChoice,
  solver: SolverChoice,
  scorers: z.array(ScorerChoice).min(1),
  epochs: z.number().int().min(1).max(1_000).optional(),
  seed: z.number().int().nonnegative().optional(),
  concurrency: z.number().int().min(1).max(64).optional(),
  time_limit_seconds: z.number().positive().optional(),
});

/** Reads an evaluation that is written as YAML. Throws `document_invalid` with line and field. */
export async function readYamlDefinition(file: string): Promise<EvaluationDefinition> {
  const text = await readText(file, bytesMax);
  const written = parseYamlDocument(YamlDefinition, text, { file, code: "document_invalid" });
  const { epochs, seed, concurrency, time_limit_seconds: seconds } = written;
  return {
    dataset: () => written.dataset(dirname(file)),
    solver: written.solver,
    scorers: written.scorers,
    ...(epochs === undefined ? {} : { epochs }),
    ...(seed === undefined ? {} : { seed }),
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(seconds === undefined ? {} : { timeLimitMs: seconds * 1_000 }),
  };
}

async function readText(file: string, limit = jsonlBytesMax): Promise<string> {
  const bytes = await readFileIfThere(file, limit);
  if (bytes === null) throw new OrchestratorError("document_invalid", `${file} is not there; mend the path`);
  return bytes.toString("utf8");
}
