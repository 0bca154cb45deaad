/** The sources of a project: JavaScript, TypeScript, the files that say how modules are found, and files that embed scripts. */
export interface SourceSet {
  /** Relative to the root, with `/`, in order. */
  readonly paths: readonly string[];
  /** Without a byte order mark. Throws a `TypeError` for a path that is none of `paths`. */
  text(path: string): string;
  has(path: string): boolean;
}

/** A set of the texts by their paths. */
export function createSourceSet(texts: ReadonlyMap<string, string>): SourceSet {
  const bodies = new Map([...texts].map(([path, text]) => [path, text.startsWith("\uFEFF") ? text.slice(1) : text]));
  return {
    paths: [...bodies.keys()].sort(),
    has: (path) => bodies.has(path),
    text(path) {
      const body = bodies.get(path);
      if (body === undefined) throw new TypeError(`${path} is not in the set`);
      return body;
    },
  };
}

/** True for a file that is a module by its name. */
export function isModulePath(path: string): boolean {
  return /\.(?:[cm]?[jt]s|[jt]sx)$/.test(path);
}

/** True for a file that cross-file codemods read although it is no module: how modules are found, and scripts inside of other languages. */
export function isBesideModules(path: string): boolean {
  return /(?:^|\/)package\.json$|(?:^|\/)[jt]sconfig[^/]*\.json$|\.(?:vue|svelte|astro|mdx)$/.test(path);
}

/** True where a text may name an identifier: as a word, or written with an escape. */
export function mentions(text: string, name: string): boolean {
  if (text.includes("\\u")) return true;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!isWord(text.charAt(at - 1)) && !isWord(text.charAt(at + name.length))) return true;
  }
  return false;
}

function isWord(character: string): boolean {
  return /[\p{ID_Continue}$]/u.test(character);
}
