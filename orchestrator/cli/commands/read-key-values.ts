import { OrchestratorError } from "../../schema/errors.ts";

/** The settings in `key=value` texts. Throws `usage` for another text, and for a key that is given twice. */
export function readKeyValues(texts: readonly string[]): Readonly<Record<string, string>> {
  const found = Object.entries(readKeyLists(texts)).map(([key, [value = "", ...more]]) => {
    if (more.length > 0) throw new OrchestratorError("usage", `--set gives ${key} twice`);
    return [key, value] as const;
  });
  return Object.fromEntries(found);
}

/** The values in `key=value` texts by their keys, each as often as it is given. Throws `usage` for another text. */
export function readKeyLists(texts: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const text of texts) {
    const [, key, value] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) {
      throw new OrchestratorError("usage", `--set is followed by key=value, not "${text}"`);
    }
    found.set(key, [...(found.get(key) ?? []), value]);
  }
  return Object.fromEntries(found);
}
