import { join } from "node:path";
import { listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { type IndexedPattern, indexedPatterns } from "../indexed-patterns.ts";
import { extendLedger, type PatternNow } from "./extend-ledger.ts";
import { type CorpusItem, type PatternCorpus, parseVersions, plainName } from "./pattern-ledger.ts";

const recordBytesMax = 67_108_864;

/** The record as it must be now, as the texts of both files, and what keeps it from being so. */
export interface VersionsNow {
  readonly ledger: string;
  readonly corpus: string;
  readonly problems: readonly string[];
}

/**
 * The record of versions for the sources in `folder` (that of `patterns/`): the corpus with the fixtures that it lacks, the ledger with what each
 * pattern does. The same for the same sources, to the byte.
 */
export async function versionsNow(folder: string, patterns?: readonly IndexedPattern[]): Promise<VersionsNow> {
  const read = async (name: string) =>
    (await readFileIfThere(join(folder, "versions", name), recordBytesMax))?.toString("utf8") ?? null;
  const recorded = parseVersions(await read("ledger.json"), await read("corpus.json"));
  const corpus = [...recorded.corpus, ...(await missingFixtures(folder, recorded.corpus))];
  const now: PatternNow[] = [];
  for (const pattern of patterns ?? (await indexedPatterns(folder)))
    now.push(await behaviourNow(folder, pattern, corpus));
  const { ledger, problems } = extendLedger({ ledger: recorded.ledger, corpus }, now);
  return {
    ledger: `${JSON.stringify(ledger, null, 1)}\n`,
    corpus: `[\n${corpus.map((item) => JSON.stringify(item)).join(",\n")}\n]\n`,
    problems,
  };
}

async function behaviourNow(
  folder: string,
  { id, version, entry, behave }: IndexedPattern,
  corpus: PatternCorpus,
): Promise<PatternNow> {
  if (behave !== null) return { id, version, behaviour: await behave(corpus) };
  const source = await readEntry(folder, { id, entry });
  return { id, version, behaviour: { texts: 0, surface: [], outcomes: {}, source_sha256: sha256(source) } };
}

/** The source of a pattern. Throws `document_invalid` where it is missing. */
export async function readEntry(folder: string, { id, entry }: Pick<IndexedPattern, "id" | "entry">): Promise<Buffer> {
  const source = await readFileIfThere(join(folder, entry), recordBytesMax);
  if (source !== null) return source;
  throw new OrchestratorError(
    "document_invalid",
    `pattern ${id} has no source at ${join(folder, entry)}; add the file`,
  );
}

/** What fixtures are about that the corpus does not hold yet. A changed fixture is another text, beside the one that it was. */
async function missingFixtures(folder: string, corpus: PatternCorpus): Promise<readonly CorpusItem[]> {
  const names = new Set(corpus.map(({ name }) => name));
  const known = new Set(corpus.map((item) => `${plainName(item.name)}\n${"text" in item ? item.text : ""}`));
  const missing: CorpusItem[] = [];
  for (const { name: id } of await listDirectory(join(folder, "fixtures"))) {
    const files = (await listDirectory(join(folder, "fixtures", id))).filter((entry) => entry.isFile());
    for (const { name: file } of files) {
      if (file.includes(".after.")) continue;
      const bytes = await readFileIfThere(join(folder, "fixtures", id, file), recordBytesMax);
      const [name, text] = [`${id}/${file}`, bytes?.toString("utf8") ?? ""];
      if (!known.has(`${name}\n${text}`)) missing.push({ name: freeName(name, names), text });
    }
  }
  return missing;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${count}.${name}`;
  return free;
}
