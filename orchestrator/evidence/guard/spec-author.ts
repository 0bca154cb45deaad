import type { SpecAuthor } from "../../gates/spec-record.ts";
import type { Git } from "../../io/git.ts";
import type { GitObjectReader } from "../../io/git-object-reader.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { decodeText } from "../decode-text.ts";
import { parseSpecFile } from "../spec-file.ts";
import { documentBytesMax } from "../text-at-commit.ts";

const commitsMax = 1_000;

/**
 * Who made the last change of what is approved in a spec: the first commit, from the newest, before which its hash was
 * another. Null where no commit has the spec as it stands. Throws `git_failed`, and `repository_unusable` for a spec with
 * more commits than are looked at.
 */
export async function findSpecAuthor(
  { git, reader }: { readonly git: Git; readonly reader: GitObjectReader },
  head: string,
  path: string,
  specSha256: string,
): Promise<SpecAuthor | null> {
  const format = "--format=%H%x00%an%x00%ae";
  const args = ["rev-list", `--max-count=${commitsMax}`, format, head, "--", `:(top,literal)${path}`];
  const commits = (await git.text(args))
    .split("\n")
    .filter((line) => line.includes("\0"))
    .map(readCommit);
  const hashes = await hashesAt(reader, path, commits);
  let found: SpecAuthor | null = null;
  for (const [index, { author }] of commits.entries()) {
    if (hashes[index] !== specSha256) return found;
    found = author;
  }
  if (commits.length < commitsMax) return found;
  throw new OrchestratorError("repository_unusable", `${path} has more than ${commitsMax} commits; approve it anew`);
}

function readCommit(line: string): { commit: string; author: SpecAuthor } {
  const [commit = "", name = "", email = ""] = line.split("\0");
  return { commit, author: { name, email } };
}

async function hashesAt(
  reader: GitObjectReader,
  path: string,
  commits: readonly { readonly commit: string }[],
): Promise<(string | null)[]> {
  const names = commits.map(({ commit }) => `${commit}:${path}`);
  return (await reader.read(names, documentBytesMax)).map((bytes) => hashOf(bytes ?? null, path));
}

function hashOf(bytes: Buffer | null, path: string): string | null {
  if (bytes === null) return null;
  try {
    return parseSpecFile(decodeText(bytes, { file: path, code: "document_invalid" }), path).spec_sha256;
  } catch {
    return null;
  }
}
