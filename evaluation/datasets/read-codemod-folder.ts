import { join } from "node:path";
import { listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { Dataset, type Sample } from "../schema/sample.ts";

const fileBytesMax = 4_194_304;
const filesMax = 10_000;

/**
 * Reads the fixtures of a codemod: each folder is a case with `input.<ext>` and `expected.<ext>`, or with the folders `input` and `expected`;
 * `output` is taken for `expected`. Throws `document_invalid` for a folder that is no case.
 */
export async function readCodemodFolder(folder: string, id: string, pattern?: string): Promise<Dataset> {
  const samples: Sample[] = [];
  for (const entry of await listDirectory(folder)) {
    if (entry.isDirectory()) samples.push(await readCase(folder, entry.name, pattern));
  }
  const dataset = Dataset.safeParse({ schema_version: 1, id, samples });
  if (dataset.success) return dataset.data;
  throw new OrchestratorError("document_invalid", `${folder} holds no cases: ${dataset.error.issues[0]?.message}`);
}

async function readCase(folder: string, name: string, pattern: string | undefined): Promise<Sample> {
  const texts = await readTexts(join(folder, name));
  const [before, after] = [pick(texts, ["input"]), pick(texts, ["expected", "output"])];
  if (before.size === 0 || after.size === 0)
    throw new OrchestratorError("document_invalid", `${join(folder, name)} needs an input and an expected`);
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  const differing = paths.filter((path) => before.get(path) !== after.get(path));
  return {
    ...{ id: name, tags: [differing.length === 0 ? "negative" : "positive"] },
    fixture: { files: Object.fromEntries(before) },
    ...(pattern === undefined ? {} : { pattern }),
    target: { files: Object.fromEntries(differing.map((path) => [path, after.get(path) ?? null])) },
  };
}

/** The files of one side by their paths below its folder; a single file is called `input` on either side. */
function pick(texts: ReadonlyMap<string, string>, sides: readonly string[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [path, text] of texts) {
    const side = sides.find((name) => path.startsWith(`${name}/`) || path.startsWith(`${name}.`));
    if (side === undefined) continue;
    const rest = path.slice(side.length);
    found.set(rest.startsWith("/") ? rest.slice(1) : `input${rest}`, text);
  }
  return found;
}

async function readTexts(root: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await listDirectory(join(root, folder))) {
      const path = `${folder}${entry.name}`;
      if (entry.isDirectory()) folders.push(`${path}/`);
      else if (entry.isFile())
        texts.set(path, (await readFileIfThere(join(root, path), fileBytesMax))?.toString("utf8") ?? "");
    }
    if (texts.size > filesMax)
      throw new OrchestratorError("document_invalid", `${root} has more than ${filesMax} files; name a smaller one`);
  }
  return texts;
}
