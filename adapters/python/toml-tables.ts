/**
 * The tables of a TOML document by their names, each with the text between its header and the next one; what stands before the first
 * header is under `""`. It splits and does not validate: enough to ask whether a tool is configured and what a table's keys are.
 */
export function tomlTables(text: string): ReadonlyMap<string, string> {
  const tables = new Map<string, string>();
  let name = "";
  let isInString = false;
  for (const line of text.split(/\r?\n/)) {
    const header = isInString ? undefined : /^\s*\[{1,2}\s*([^[\]]+?)\s*\]{1,2}\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined) name = header.replaceAll(/["'\s]/g, "");
    tables.set(name, (tables.get(name) ?? "") + (header === undefined ? `${line}\n` : ""));
    if ((line.split(/"""|'''/).length - 1) % 2 === 1) isInString = !isInString;
  }
  return tables;
}

/** The plain keys that stand at the beginning of the lines of a table's text, in their order. */
export function keysOf(table: string): readonly string[] {
  return [...table.matchAll(/^\s*["']?([\w.-]+)["']?\s*=/gm)].flatMap(([, key]) => (key === undefined ? [] : [key]));
}
