import { dirname, join } from "node:path";
import { documentBytesMax } from "../../evidence/document-bytes-max.ts";
import { editRegistry, type RegistryEdit } from "../../evidence/guard/edit-registry.ts";
import type { SpecPolicy } from "../../gates/spec-policy.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import { ensureDirectory, readFileIfThere, writeFileAtomic } from "../../io/files.ts";

const textFileMode = 0o644;
const usualRegistry = "tasks/index.json";

/** The text of the registry, or null where there is none. Throws `document_invalid` and `disk_failed`. */
export async function readRegistryText(
  root: string,
  policy: SpecPolicy,
): Promise<{ file: string; text: string | null }> {
  const file = policy.registry ?? usualRegistry;
  const bytes = await readFileIfThere(join(root, file), documentBytesMax);
  return { file, text: bytes === null ? null : decodeText(bytes, { file, code: "document_invalid" }) };
}

/**
 * Brings the registry into step where there is one, or where the policy asks for one. Resolves with its path, or null
 * where the team keeps none. Throws `document_invalid` and `disk_failed`.
 */
export async function updateRegistry(
  root: string,
  policy: SpecPolicy,
  edits: readonly RegistryEdit[],
): Promise<string | null> {
  const { file, text } = await readRegistryText(root, policy);
  if (text === null && policy.registry === undefined) return null;
  const edited = editRegistry(text, file, edits);
  await ensureDirectory(dirname(join(root, file)));
  await writeFileAtomic(join(root, file), edited, { mode: textFileMode });
  return file;
}
