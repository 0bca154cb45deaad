import { OrchestratorError } from "../../schema/errors.ts";

/** The settings in `key=value` texts. Throws `usage` for another text, and for a key that is given twice. */
export function readKeyValues(texts: readonly string[]): Readonly<Record<string, string>> {
  const found = new Map<string, string>();
  for (const text of texts) {
    const [, key, value] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(text) ?? [];
    if (key === undefined || value === undefined) {
      throw new OrchestratorError("usage", `--set is followed by key=value, not "${text}"`);
    }
    if (found.has(key)) throw new OrchestratorError("usage", `--set gives ${key} twice`);
    found.set(key, value);
  }
  return Object.fromEntries(found);
}
