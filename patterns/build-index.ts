import { join } from "node:path";
import { readFileIfThere } from "../orchestrator/io/files.ts";
import { sha256 } from "../orchestrator/io/hash.ts";
import { OrchestratorError } from "../orchestrator/schema/errors.ts";
import { shippedCrossFile } from "./cross-file/shipped-cross-file.ts";
import { readTemplates, summaryOfTemplate } from "./fill/template-library.ts";
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
  const assets: PatternAsset[] = [];
  for (const { id, version, description, ...codemod } of [...shippedCodemods(), ...shippedCrossFile()]) {
    const isCrossFile = "settings" in codemod;
    const entry = `${isCrossFile ? "cross-file" : "codemods"}/${id}.ts`;
    const source = await readFileIfThere(join(folder, entry), entryBytesMax);
    if (source === null) {
      throw new OrchestratorError(
        "document_invalid",
        `pattern ${id} has no source at ${join(folder, entry)}; add the file`,
      );
    }
    const usage = isCrossFile ? `codex-orchestrator patterns show ${id}` : `codex-orchestrator run --recipe ${id}`;
    assets.push({ id, kind: "codemod", version, entry, description, usage, sha256: sha256(source) });
  }
  assets.push(...(await templateAssets(folder)));
  return `${JSON.stringify({ version: 1, assets }, null, 2)}\n`;
}

async function templateAssets(folder: string): Promise<readonly PatternAsset[]> {
  const assets: PatternAsset[] = [];
  for (const template of await readTemplates(join(folder, "templates"))) {
    const { id, version, description } = summaryOfTemplate(template);
    const entry = `templates/${template.id}.md`;
    const source = (await readFileIfThere(join(folder, entry), entryBytesMax)) ?? "";
    const usage = `codex-orchestrator patterns show ${id}`;
    assets.push({ id, kind: "template", version, entry, description, usage, sha256: sha256(source) });
  }
  return assets;
}
