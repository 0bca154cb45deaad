import { join } from "node:path";
import { exists, listDirectory, readFileIfThere, removeTree, writeFileAtomic } from "../../orchestrator/io/files.ts";
import { createFileInside } from "../../orchestrator/io/new-file.ts";
import { isInPlace, realFolder } from "../../orchestrator/io/plain-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import {
  type PatternCandidate,
  type Promotion,
  type PromotionRequest,
  stagingFolder,
} from "../../orchestrator/schema/pattern-ingest.ts";
import { readLibraryFiles } from "../libraries/library-files.ts";
import { inspectLibrary, type Placement } from "../libraries/place-library.ts";
import { testCandidate } from "./test-candidate.ts";

const entryMark = "// Written by `patterns promote`: the patterns of every folder here.\n";
const entryBytesMax = 1_048_576;
const textFileMode = 0o644;

/**
 * Moves a candidate whose tests pass into the folder of a library of the repository, and writes the library's entry anew. Nothing is moved
 * where a test fails (`refused`). Throws `path_refused` where the library has a pattern of this name or an entry of its own.
 */
export async function promoteCandidate(
  { root, id, library }: PromotionRequest,
  placement: Placement,
): Promise<Promotion> {
  const real = realFolder(root) ?? root;
  const staged = join(real, stagingFolder, id);
  const { candidate, results, tested } = await testCandidate(staged, placement);
  if (results.length === 0 || results.some(({ problems }) => problems.length > 0))
    return { outcome: "refused", results };
  const folder = library.from.replace(/^\.\//, "").replace(/\/+$/, "");
  const paths = [...tested.files.keys()].map((path) => [path, `${folder}/${placeOf(candidate, path)}`] as const);
  await assertRoom(
    real,
    folder,
    paths.map(([, path]) => path),
  );
  for (const [from, path] of paths) await createFileInside(real, path, tested.files.get(from) ?? "");
  await writeEntry(real, folder);
  const written = await readLibraryFiles(join(real, folder));
  inspectLibrary(library.name, written);
  await removeTree(staged);
  return { outcome: "promoted", results, folder, sha256: written.sha256 };
}

/** Where a file of a candidate lies in a library. */
function placeOf({ id, kind }: PatternCandidate, path: string): string {
  const isTemplate = kind === "template" && (path === `${id}.md` || path.startsWith("fixtures/"));
  return isTemplate ? `templates/${path}` : path.startsWith("fixtures/") ? path : `${id}/${path}`;
}

async function assertRoom(root: string, folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths)
    if (await exists(join(root, path)))
      throw new OrchestratorError("path_refused", `${path} is there already; change that pattern itself`);
  const entry = join(root, folder, "index.mjs");
  const text = (await readFileIfThere(entry, entryBytesMax))?.toString("utf8") ?? entryMark;
  const others = await Promise.all(["package.json", "index.js"].map((name) => exists(join(root, folder, name))));
  if (text.startsWith(entryMark) && !others.includes(true)) return;
  throw new OrchestratorError(
    "path_refused",
    `${folder} has an entry that somebody wrote: move the candidate there by hand, and pin the library`,
  );
}

/** Imports of every folder with an entry, in the order of their names. */
async function writeEntry(root: string, folder: string): Promise<void> {
  const names: string[] = [];
  for (const entry of await listDirectory(join(root, folder)))
    if (entry.isDirectory() && (await exists(join(root, folder, entry.name, "index.mjs")))) names.push(entry.name);
  const imports = names.map(
    (name, index) => `import { codemods as of${index + 1} } from ${JSON.stringify(`./${name}/index.mjs`)};\n`,
  );
  const all = names.map((_, index) => `...of${index + 1}`).join(", ");
  if (!isInPlace(root, `${folder}/index.mjs`))
    throw new OrchestratorError("path_refused", `${folder} is reached through a link; name the folder itself`);
  await writeFileAtomic(
    join(root, folder, "index.mjs"),
    `${entryMark}${imports.join("")}\nexport const codemods = [${all}];\n`,
    { mode: textFileMode },
  );
}
