import { join } from "node:path";
import { readFileIfThere } from "../orchestrator/io/files.ts";
import { sha256 } from "../orchestrator/io/hash.ts";
import { OrchestratorError } from "../orchestrator/schema/errors.ts";
import { shippedCrossFile } from "./cross-file/shipped-cross-file.ts";
import { shippedLintRules } from "./lint/shipped-lint-rules.ts";
import { shippedCodemods } from "./pattern-library.ts";

/** One pattern in `index.json`. `entry` is relative to the index; `sha256` is that of the entry's bytes. */
interface PatternAsset {
  readonly id: string;
  readonly kind: "codemod" | "linter-rule" | "template";
  readonly version: string;
  readonly entry: string;
  readonly description: string;
  readonly usage: string;
  readonly sha256: string;
}

const entryBytesMax = 1_048_576;

/**
 * The text of `index.json` for the patterns whose sources lie in `folder`. The same for the same sources, to the byte. Throws
 * `document_invalid` where an entry is missing.
 */
export async function buildIndex(folder: string): Promise<string> {
  const codemods = shippedCodemods().map(({ id, ...pattern }) => ({
    ...pattern,
    id,
    kind: "codemod" as const,
    entry: `codemods/${id}.ts`,
    usage: `codex-orchestrator run --recipe ${id}`,
  }));
  const crossFile = shippedCrossFile().map(({ id, ...pattern }) => ({
    ...pattern,
    id,
    kind: "codemod" as const,
    entry: `cross-file/${id}.ts`,
    usage: `codex-orchestrator patterns show ${id}`,
  }));
  const lintRules = shippedLintRules().map(({ id, name, ...pattern }) => ({
    ...pattern,
    id,
    entry: `lint/rules/${name}.ts`,
    usage: `codex-orchestrator patterns lint . --rule ${id}`,
  }));
  const assets: PatternAsset[] = [];
  for (const { id, kind, version, entry, description, usage } of [...codemods, ...crossFile, ...lintRules]) {
    const source = await readFileIfThere(join(folder, entry), entryBytesMax);
    if (source === null) {
      throw new OrchestratorError(
        "document_invalid",
        `pattern ${id} has no source at ${join(folder, entry)}; add the file`,
      );
    }
    assets.push({ id, kind, version, entry, description, usage, sha256: sha256(source) });
  }
  return `${JSON.stringify({ version: 1, assets }, null, 2)}\n`;
}
