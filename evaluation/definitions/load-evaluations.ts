import { dirname, extname, join, resolve } from "node:path";
import { exists, isFolderOrAbsent, listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { Dataset } from "../schema/sample.ts";
import type { Scorer } from "../scorer.ts";
import type { Solver } from "../solver.ts";
import type { EvaluationDefinition, SolverSettings, SolverSource } from "./definition.ts";
import { importDefinition } from "./import-definition.ts";
import { makeParts } from "./make-parts.ts";
import { readYamlDefinition } from "./read-yaml-definition.ts";
import { shippedEvaluations } from "./shipped-evaluations.ts";

const definitionBytesMax = 16_777_216;
const foldersMax = 50_000;
const ownName = /\.eval\.(?:ts|mts|mjs|js|ya?ml)$/;
const anyFile = /\.(?:ts|mts|mjs|js|ya?ml)$/;

/** A definition with all that it needs to be run. */
export interface LoadedEvaluation extends Omit<EvaluationDefinition, "dataset" | "solver" | "scorers"> {
  /** As it was named: that of a shipped evaluation, or a file. */
  readonly name: string;
  readonly dataset: Dataset;
  readonly solver: Solver;
  readonly scorers: readonly Scorer[];
}

/** What the command line says instead of a definition. */
export interface LoadOptions extends SolverSettings {
  /** Instead of the solver of the definition. */
  readonly solver?: SolverSource | undefined;
}

/**
 * The evaluations that a name means: one of this package, a file, or a folder with every `*.eval.*` below it. Runs the code of a team's files,
 * unconfined. Throws `usage` for a name that means nothing, and `document_invalid` for a definition that is none.
 */
export async function loadEvaluations(
  name: string,
  folder: string,
  options: LoadOptions,
): Promise<readonly LoadedEvaluation[]> {
  const shipped = shippedEvaluations();
  const known = Object.hasOwn(shipped, name) ? shipped[name] : undefined;
  if (known !== undefined) return [await complete(name, folder, known, options)];
  const path = resolve(folder, name);
  const files = await filesOf(name, path, Object.keys(shipped));
  const loaded: LoadedEvaluation[] = [];
  for (const file of files) loaded.push(await loadFile(file, options).catch((error: unknown) => blame(file, error)));
  return loaded;
}

/** What a team's own code throws is theirs to mend, and no bug of ours. */
function blame(file: string, error: unknown): never {
  if (isOrchestratorError(error)) throw error;
  throw new OrchestratorError("document_invalid", `${file}: its code failed: ${messageOf(error)}`, { cause: error });
}

async function filesOf(name: string, path: string, shipped: readonly string[]): Promise<readonly string[]> {
  if (anyFile.test(name)) return [path];
  const isFolder = (await exists(path)) && (await isFolderOrAbsent(path));
  const names = `${shipped.join(", ")} of this package, a file (.ts, .mts, .mjs, .js, .yaml), or a folder with *.eval.* in it`;
  if (!isFolder) throw new OrchestratorError("usage", `there is no evaluation "${name}"; name ${names}`);
  const found = await findDefinitions(path);
  if (found.length > 0) return found;
  throw new OrchestratorError("usage", `${path} holds no *.eval.ts, .mts, .mjs, .js or .yaml; name ${names}`);
}

/** Every `*.eval.*` below a folder, in order; nothing of installed packages and of folders that begin with a dot. */
async function findDefinitions(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const folders = [root];
  for (let count = 0; count < folders.length; count += 1) {
    if (count > foldersMax)
      throw new OrchestratorError("usage", `${root} has more than ${foldersMax} folders; name a smaller one`);
    const folder = folders[count] ?? root;
    for (const entry of await listDirectory(folder)) {
      const isLeftOut = entry.name === "node_modules" || entry.name.startsWith(".");
      if (entry.isDirectory() && !isLeftOut) folders.push(join(folder, entry.name));
      if (entry.isFile() && ownName.test(entry.name)) found.push(join(folder, entry.name));
    }
  }
  return found.sort();
}

async function loadFile(file: string, options: LoadOptions): Promise<LoadedEvaluation> {
  const bytes = await readFileIfThere(file, definitionBytesMax);
  if (bytes === null) throw new OrchestratorError("usage", `${file} is not there; mend the path`);
  if (/^\.ya?ml$/.test(extname(file))) return complete(file, dirname(file), await readYamlDefinition(file), options);
  const definition = await importDefinition(file);
  const { solver, ...rest } = await complete(file, dirname(file), definition, options);
  // The solver may stand in this very file: what was tried with other code is not gone on with.
  const fingerprint = [solver.fingerprint, sha256(bytes)];
  const isOwn = options.solver === undefined;
  return { ...rest, solver: isOwn ? { ...solver, fingerprint, solve: (attempt) => solver.solve(attempt) } : solver };
}

async function complete(
  name: string,
  folder: string,
  definition: EvaluationDefinition,
  { solver: other, ...settings }: LoadOptions,
): Promise<LoadedEvaluation> {
  const { dataset: source, solver: own, scorers, ...rest } = definition;
  const parts = await makeParts({ solver: other ?? own, scorers }, settings, name);
  const given = typeof source === "function" ? await source() : source;
  const dataset = Dataset.safeParse(given);
  if (!dataset.success) {
    const problems = dataset.error.issues.map(({ path, message }) => `${path.map(String).join(".")}: ${message}`);
    throw new OrchestratorError(
      "document_invalid",
      `${name}: the dataset is none: ${problems.slice(0, 20).join("; ")}`,
    );
  }
  return { ...rest, ...parts, name, dataset: withFolders(dataset.data, folder) };
}

function withFolders(dataset: Dataset, folder: string): Dataset {
  const samples = dataset.samples.map((sample) => {
    const { fixture } = sample;
    return "folder" in fixture ? { ...sample, fixture: { folder: resolve(folder, fixture.folder) } } : sample;
  });
  return { ...dataset, samples };
}
