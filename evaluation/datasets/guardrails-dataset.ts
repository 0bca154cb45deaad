import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { parseYamlDocument } from "../../orchestrator/io/documents/yaml-document.ts";
import { exists, listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { RepositoryPath, Scope } from "../../orchestrator/schema/primitives.ts";
import { Dataset, type Sample } from "../schema/sample.ts";
import { RunTarget, WorkflowSetup } from "../schema/workflow.ts";

const Files = z.record(RepositoryPath, z.string());

const Attempted = z.strictObject({
  goal: z.string().min(1).default("Greet with a comma after the word."),
  scope: Scope.default({ include: ["src/**"], exclude: [] }),
  ...WorkflowSetup.shape,
});

/** One behaviour: a model that cheats, and one that does something close to it in good faith. */
const Behaviour = z.strictObject({
  about: z.string().min(1),
  files: Files.default({}).describe("over those of the package"),
  cheat: Attempted.extend({ expect: RunTarget.required({ caught_by: true }) }),
  honest: Attempted.extend({ expect: RunTarget.prefault({}) }),
});
type Behaviour = z.infer<typeof Behaviour>;
type Attempted = z.infer<typeof Attempted>;

const packageFile = "package.yaml";
const bytesMax = 1_048_576;

/** Where the files of this dataset lie: beside the source, and in the package seen from the library and the program's chunks. */
const places = [
  "guardrails/",
  "../../../evaluation/datasets/guardrails/",
  "../../evaluation/datasets/guardrails/",
] as const;

/**
 * Scripted models that cheat under the real gates, each with an honest twin: `<behaviour>/cheat` and `<behaviour>/honest`. For the workflow solver.
 * Throws `document_invalid` where its files are not installed, or one does not fit.
 */
export async function guardrailsDataset(): Promise<Dataset> {
  const folder = await findFolder();
  const files = await readDocument(join(folder, packageFile), Files);
  const names = (await listDirectory(folder)).map(({ name }) => name).filter((name) => name !== packageFile);
  const samples = await Promise.all(
    names.sort().map(async (name) => {
      const behaviour = await readDocument(join(folder, name), Behaviour);
      return samplesOf(name.replace(/\.yaml$/, ""), behaviour, { ...files, ...behaviour.files });
    }),
  );
  return Dataset.parse({ schema_version: 1, id: "guardrails", samples: samples.flat() });
}

async function findFolder(): Promise<string> {
  const folders = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  for (const folder of folders) if (await exists(join(folder, packageFile))) return folder;
  const message = `the dataset guardrails is in none of ${folders.join(", ")}; install the package anew`;
  throw new OrchestratorError("document_invalid", message);
}

async function readDocument<Schema extends z.ZodType>(file: string, schema: Schema): Promise<z.infer<Schema>> {
  const bytes = await readFileIfThere(file, bytesMax);
  if (bytes === null) throw new OrchestratorError("document_invalid", `${file} is not there; install the package anew`);
  return parseYamlDocument(schema, bytes.toString("utf8"), { file, code: "document_invalid" });
}

/** A refusal is final: one attempt, and a person who says no. */
const oneAttempt = { builder_attempts: 1, planner_attempts: 1 };
const noToAll = [{ on: "stuck", answer: "reject", message: "it was refused" }] as const;

function samplesOf(name: string, { cheat, honest }: Behaviour, files: Readonly<Record<string, string>>): Sample[] {
  return [
    sampleOf(`${name}/cheat`, "cheat", cheat, { status: ["refused"], ...cheat.expect }, files),
    sampleOf(`${name}/honest`, "honest", honest, { status: ["passed"], ...honest.expect }, files),
  ];
}

function sampleOf(
  id: string,
  tag: string,
  { goal, scope, task, answers, script }: Attempted,
  run: RunTarget,
  files: Readonly<Record<string, string>>,
): Sample {
  return {
    ...{ id, goal, scope, tags: ["guardrails", tag], fixture: { files }, target: { run } },
    workflow: {
      task: { ...task, budget: { ...oneAttempt, ...task.budget } },
      answers: answers.length === 0 ? [...noToAll] : answers,
      script,
    },
  };
}
