import type { Git } from "../io/git.ts";

/** A `.gitignore` file of a tree. */
export interface IgnoreFile {
  /** Path of the file, relative to the tree's root. */
  readonly path: string;
  readonly text: string;
}

/**
 * The ignore rules of a tree as one list that means the same from the tree's root, as gitignore(5) has it: rules of a deeper
 * file come later, and so win.
 */
export function compileIgnoreRules(files: readonly IgnoreFile[]): string {
  const depth = ({ path }: IgnoreFile) => path.split("/").length;
  return [...files]
    .sort((left, right) => depth(left) - depth(right))
    .flatMap(({ path, text }) => rulesOf(path.split("/").slice(0, -1).join("/"), text))
    .map((rule) => `${rule}\n`)
    .join("");
}

function rulesOf(folder: string, text: string): string[] {
  // A line holds one rule, so a folder whose name holds a line break cannot be said; its files then count as not ignored.
  if (/[\r\n]/.test(folder)) return [];
  const lines = text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .map((line) => line.replace(/\r$/, ""));
  const rules = lines.filter((line) => line.trim() !== "" && !line.startsWith("#"));
  return folder === "" ? rules : rules.map((rule) => underFolder(folder, rule));
}

function underFolder(folder: string, rule: string): string {
  const isNegated = rule.startsWith("!");
  const pattern = isNegated ? rule.slice(1) : rule;
  const isAnchored = pattern.replace(/\/?\s*$/, "").includes("/");
  const place = isAnchored ? pattern.replace(/^\//, "") : `**/${pattern}`;
  return `${isNegated ? "!" : ""}/${folder.replaceAll(/[\\*?[]/g, "\\$&")}/${place}`;
}

/** The ignore rules that a tree has. Nothing is fetched, should the repository be a partial clone. */
export async function readIgnoreRules(git: Git, tree: string): Promise<string> {
  const offline = ["-c", "protocol.allow=never"];
  const { stdout } = await git.run([...offline, "ls-tree", "-r", "-z", "--full-tree", tree]);
  const entries = stdout
    .toString("utf8")
    .split("\0")
    .map((entry) => /^100\d+ blob ([0-9a-f]+)\t((?:.*\/)?\.gitignore)$/s.exec(entry))
    .map((match) => ({ hash: match?.[1] ?? "", path: match?.[2] ?? "" }))
    .filter(({ path }) => path !== "");
  if (entries.length === 0) return "";
  const stdin = entries.map(({ hash }) => `${hash}\n`).join("");
  const blobs = splitBatch((await git.run([...offline, "cat-file", "--batch"], { stdin })).stdout);
  return compileIgnoreRules(entries.map(({ path }, index) => ({ path, text: blobs[index] ?? "" })));
}

function splitBatch(output: Buffer): string[] {
  const texts: string[] = [];
  for (let start = 0; start < output.length; ) {
    const end = output.indexOf("\n", start);
    const size = Number(output.toString("utf8", start, end).split(" ")[2]);
    texts.push(output.toString("utf8", end + 1, end + 1 + size));
    start = end + size + 2;
  }
  return texts;
}
