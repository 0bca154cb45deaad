import { decodeText } from "../io/documents/decode-text.ts";
import { type TextSource, yamlFault } from "../io/documents/strict-yaml.ts";
import type { Git } from "../io/git.ts";
import { documentBytesMax } from "./document-bytes-max.ts";
import { listTree, readObjects, type TreeEntry } from "./git-objects.ts";

/**
 * The text of one file in a commit, or null where it holds none. Throws `source.code` for what is no regular UTF-8
 * file of at most 1 MiB, `base_not_found` and `git_failed`.
 */
export async function readTextAtCommit(
  git: Git,
  commit: string,
  path: string,
  source: TextSource,
  signal?: AbortSignal,
): Promise<string | null> {
  const entry = (await listTree(git, commit, [path], signal)).find((candidate) => candidate.path === path);
  if (entry === undefined) return null;
  const problem = documentProblem(entry);
  if (problem !== null) throw yamlFault(source, 1, problem);
  const limits = { objectBytesMax: documentBytesMax, totalBytesMax: documentBytesMax };
  const content = (await readObjects(git, [entry.object], limits, signal)).get(entry.object);
  return decodeText(content ?? new Uint8Array(), source);
}

/** Why an entry of a tree cannot be a document, or null. */
function documentProblem({ mode, size }: TreeEntry): string | null {
  if (!mode.startsWith("100")) return "not a regular file";
  if (size === null || size > documentBytesMax) return `more than ${documentBytesMax} bytes`;
  return null;
}
