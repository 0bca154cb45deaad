/** What a `go.mod` says, as far as an adapter asks. */
export interface GoModule {
  readonly path: string;
  /** The version of the language, such as `1.21`; null where it names none. */
  readonly go: string | null;
  /** True where it needs modules from elsewhere. */
  readonly hasRequirements: boolean;
}

/** Reads a `go.mod`; null for a text that names no module. Comments do not count. */
export function parseGoModule(text: string): GoModule | null {
  const lines = plainLines(text);
  const path = lines.map((line) => /^module\s+"?([^\s"]+)"?$/.exec(line)?.[1]).find((found) => found !== undefined);
  if (path === undefined) return null;
  const go = lines.map((line) => /^go\s+([0-9][^\s]*)$/.exec(line)?.[1]).find((found) => found !== undefined);
  return { path, go: go ?? null, hasRequirements: entriesOf(lines, "require").length > 0 };
}

/** The folders of the modules that a `go.work` names, relative to it with `/`, in its order. */
export function parseGoWork(text: string): readonly string[] {
  return entriesOf(plainLines(text), "use").map((entry) =>
    entry.replaceAll(/^["`]|["`]$/g, "").replace(/^\.\/(?=.)|\/$/g, ""),
  );
}

function plainLines(text: string): readonly string[] {
  return text.split(/\r?\n/).map((line) => line.replace(/\s*\/\/.*$/, "").trim());
}

/** What stands behind a word, on its own line or in brackets, one per line. */
function entriesOf(lines: readonly string[], word: string): readonly string[] {
  const entries: string[] = [];
  let isInside = false;
  for (const line of lines) {
    const [first = "", ...rest] = line.split(/\s+/);
    if (isInside && line === ")") isInside = false;
    else if (isInside && line !== "") entries.push(line);
    else if (first === word && rest[0] === "(") isInside = true;
    else if (first === word && rest.length > 0) entries.push(rest.join(" "));
  }
  return entries;
}
