import { z } from "zod";
import { messageOf, OrchestratorError } from "../../schema/errors.ts";
import type { Json } from "../../schema/primitives.ts";
import { parseStrictJson } from "../strict-json.ts";

/** One entry of the registry as it shall be. What its entry has beside these fields stays. */
export interface RegistryEdit {
  readonly list: "items" | "specs";
  /** What tells entries apart. */
  readonly path: string;
  readonly fields: Readonly<Record<string, Json>>;
}

const Entry = z.record(z.string(), z.unknown());
const Registry = z.record(z.string(), z.unknown());
const Entries = z.array(Entry).default([]);

/** The text of a registry after some edits; a path that it does not have is added. Throws `document_invalid` for what is no registry. */
export function editRegistry(text: string | null, file: string, edits: readonly RegistryEdit[]): string {
  const registry = parse(text ?? '{"items": [], "specs": []}', file);
  const lists = { items: listOf(registry, "items", file), specs: listOf(registry, "specs", file) };
  for (const { list, path, fields } of edits) {
    const entry = lists[list].find((each) => each["path"] === path);
    if (entry === undefined) lists[list].push({ ...fields, path });
    else Object.assign(entry, fields);
  }
  const indent = /^([ \t]+)"/m.exec(text ?? "")?.[1] ?? "  ";
  return `${JSON.stringify({ ...registry, ...lists }, null, indent)}\n`;
}

/** The ids that a registry has. Throws `document_invalid`. */
export function registryIds(text: string, file: string): string[] {
  const registry = parse(text, file);
  const entries = [...listOf(registry, "items", file), ...listOf(registry, "specs", file)];
  return entries.flatMap(({ id }) => (typeof id === "string" ? [id] : []));
}

function parse(text: string, file: string): z.infer<typeof Registry> {
  try {
    return Registry.parse(parseStrictJson(text.replace(/^\uFEFF/, "")));
  } catch (error) {
    throw new OrchestratorError("document_invalid", `${file} is no registry: ${messageOf(error)}`, { cause: error });
  }
}

function listOf(registry: z.infer<typeof Registry>, name: string, file: string): z.infer<typeof Entry>[] {
  const list = Entries.safeParse(registry[name]);
  if (list.success) return list.data;
  throw new OrchestratorError("document_invalid", `${file}: ${name} is no list of entries`);
}
