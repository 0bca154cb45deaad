/** What a `Cargo.toml` says, as far as an adapter asks. */
export interface CargoManifest {
  /** The name of its package; null for a workspace without one of its own. */
  readonly name: string | null;
  readonly isWorkspace: boolean;
  /** True where the workspace names those of its members that commands are for. */
  readonly hasDefaultMembers: boolean;
  /** True where it needs packages from elsewhere. Those of other members of a workspace are not looked at. */
  readonly hasDependencies: boolean;
  /** What decides more than dependencies and the version: its other tables as text. */
  readonly decisions: string;
}

interface Table {
  readonly name: string;
  readonly lines: string[];
}

const dependencyTable = /(?:^|\.)(?:dev-|build-)?dependencies(?:\.(.+))?$/;

/** Reads a `Cargo.toml` by its lines; null for a text with neither a package nor a workspace. */
export function parseCargoManifest(text: string): CargoManifest | null {
  const tables = tablesOf(text);
  const own = tables.find(({ name }) => name === "package");
  const workspace = tables.find(({ name }) => name === "workspace");
  if (own === undefined && workspace === undefined) return null;
  const name = own?.lines.map((line) => /^name\s*=\s*["']([^"']+)["']/.exec(line)?.[1]).find((found) => found);
  return {
    name: name ?? null,
    isWorkspace: workspace !== undefined,
    hasDefaultMembers: workspace?.lines.some((line) => /^default-members\s*=/.test(line)) ?? false,
    hasDependencies: tables.some(needsOthers),
    decisions: tables
      .filter((table) => !dependencyTable.test(table.name))
      .map((table) => [table.name, ...table.lines.filter((line) => !/^version\s*=/.test(line))].join("\n"))
      .sort()
      .join("\n"),
  };
}

function tablesOf(text: string): readonly Table[] {
  const tables: Table[] = [{ name: "", lines: [] }];
  for (const raw of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    const name = /^\[{1,2}([^[\]]+)\]{1,2}\s*(?:#.*)?$/.exec(line)?.[1];
    if (name === undefined) tables.at(-1)?.lines.push(line);
    else tables.push({ name: name.trim(), lines: [] });
  }
  return tables;
}

/** A package at a path of the repository is there already. */
function needsOthers({ name, lines }: Table): boolean {
  const [isDependencies, own] = dependencyTable.exec(name) ?? [];
  if (isDependencies === undefined) return false;
  if (own !== undefined) return !lines.some((line) => /^path\s*=/.test(line));
  return lines.some((line) => /^["'\w-]+(?:\.\w+)?\s*=/.test(line) && !/[{,]\s*path\s*=|^[\w-]+\.path\s*=/.test(line));
}
