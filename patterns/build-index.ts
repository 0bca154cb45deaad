import { join } from "node:path";
import { z } from "zod";
import { listDirectory, readFileIfThere } from "../orchestrator/io/files.ts";
import { sha256 } from "../orchestrator/io/hash.ts";
import { messageOf, OrchestratorError } from "../orchestrator/schema/errors.ts";
import { countAdoption, neverUsed, type PatternAdoption } from "../orchestrator/schema/pattern-use.ts";
import { RunManifest } from "../orchestrator/schema/run-manifest.ts";
import { type IndexedPattern, indexedPatterns } from "./indexed-patterns.ts";
import { readEntry } from "./versions/recorded-versions.ts";

/** One pattern in `index.json`. `entry` is relative to the index; `sha256` is that of the entry's bytes. */
interface PatternAsset extends Omit<IndexedPattern, "behave"> {
  readonly sha256: string;
  /** In the manifests that are committed as evidence. */
  readonly adoption: PatternAdoption;
}

/** What the build of the index writes. */
export interface BuiltIndex {
  /** The text of `index.json`. */
  readonly index: string;
  /** The text of `source-hashes.ts`: the same hashes for what is run, where `index.json` is not read. */
  readonly hashes: string;
}

const manifestBytesMax = 67_108_864;
const manifestsMax = 20_000;

/**
 * The index of the patterns whose sources lie in `folder`, with their adoption by the manifests in the folder `evidence`. The same for the same
 * files, to the byte. Throws `document_invalid` where an entry is missing, or a manifest is none.
 */
export async function buildIndex(folder: string, evidence: string): Promise<BuiltIndex> {
  const adoption = countAdoption(await readManifests(evidence));
  const assets: PatternAsset[] = [];
  for (const { behave, ...pattern } of await indexedPatterns(folder)) {
    const source = await readEntry(folder, pattern);
    assets.push({ ...pattern, sha256: sha256(source), adoption: adoption.get(pattern.id) ?? neverUsed });
  }
  return {
    index: `${JSON.stringify({ version: 1, assets: assets.map(inOrder) }, null, 2)}\n`,
    hashes: hashesModule(assets),
  };
}

const inOrder = ({ id, kind, version, entry, description, usage, sha256: hash, adoption }: PatternAsset) => ({
  ...{ id, kind, version, entry, description, usage },
  sha256: hash,
  adoption,
});

function hashesModule(assets: readonly PatternAsset[]): string {
  const lines = assets.map(({ id, sha256: hash }) => `  ${/^\w+$/.test(id) ? id : `"${id}"`}: "${hash}",`);
  return [
    "/** The sha256 of the source of each pattern, by its id; made by `build-index.ts`, as `index.json` is. */",
    "export const sourceHashes: Readonly<Record<string, string>> = {",
    ...lines,
    "};",
    "",
  ].join("\n");
}

const CommittedRun = z.object({ status: RunManifest.shape.status, patterns: RunManifest.shape.patterns });

async function readManifests(folder: string): Promise<readonly z.infer<typeof CommittedRun>[]> {
  const names = (await listDirectory(folder)).map(({ name }) => name).filter((name) => name.endsWith(".json"));
  if (names.length > manifestsMax)
    throw new OrchestratorError("document_invalid", `${folder} holds more than ${manifestsMax} manifests`);
  const runs: z.infer<typeof CommittedRun>[] = [];
  for (const name of names) {
    const bytes = await readFileIfThere(join(folder, name), manifestBytesMax);
    runs.push(parseManifest(join(folder, name), bytes?.toString("utf8") ?? ""));
  }
  return runs;
}

function parseManifest(path: string, text: string): z.infer<typeof CommittedRun> {
  try {
    return CommittedRun.parse(JSON.parse(text));
  } catch (cause) {
    throw new OrchestratorError("document_invalid", `${path} is no run manifest: ${messageOf(cause)}`, { cause });
  }
}
