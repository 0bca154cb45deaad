import type { SpecAuthor } from "../../gates/spec-record.ts";
import type { Git } from "../../io/git.ts";
import type { GitObjectReader } from "../../io/git-object-reader.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { decodeText } from "../decode-text.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import { parseSpecFile } from "../spec-file.ts";
import type { SpecEdit } from "./spec-chains.ts";

const commitsMax = 1_000;
const atOnce = 8;

/** A spec as it stands. */
export interface StandingSpec {
  readonly path: string;
  readonly spec_sha256: string;
  /** Its file, where that is at hand: a commit that has the same bytes need not be parsed. */
  readonly bytes?: Buffer | null;
}

/**
 * Who made the last change of what is approved in a spec: the first commit, from the newest, before which its hash was
 * another. Null where no commit has the spec as it stands. Throws `git_failed`, and `repository_unusable` for a spec with
 * more commits than are looked at.
 */
export async function findSpecAuthor(
  { git, reader }: { readonly git: Git; readonly reader: GitObjectReader },
  head: string,
  spec: StandingSpec,
): Promise<SpecAuthor | null> {
  const { path } = spec;
  const format = "--format=%H%x00%an%x00%ae";
  const args = ["rev-list", `--max-count=${commitsMax}`, format, head, "--", `:(top,literal)${path}`];
  const commits = (await git.text(args))
    .split("\n")
    .filter((line) => line.includes("\0"))
    .map(readCommit);
  const edits = commits.map(({ commit, author }) => ({ author, object: `${commit}:${path}` }));
  const { author, isWhole } = await authorOfEdits(reader, spec, edits);
  if (!isWhole || commits.length < commitsMax) return author;
  throw new OrchestratorError("repository_unusable", `${path} has more than ${commitsMax} commits; approve it anew`);
}

/** The same from the edits of a spec, the newest first. `isWhole` where all of them left the spec as it stands. Throws `git_failed`. */
export async function authorOfEdits(
  reader: GitObjectReader,
  spec: StandingSpec,
  edits: readonly SpecEdit[],
): Promise<{ author: SpecAuthor | null; isWhole: boolean }> {
  let found: SpecAuthor | null = null;
  for (let start = 0; start < edits.length; start += atOnce) {
    const batch = edits.slice(start, start + atOnce);
    const contents = await reader.read(
      batch.map(({ object }) => object),
      documentBytesMax,
    );
    for (const [index, { author }] of batch.entries()) {
      if (!isSame(spec, contents[index] ?? null)) return { author: found, isWhole: false };
      found = author;
    }
  }
  return { author: found, isWhole: true };
}

function readCommit(line: string): { commit: string; author: SpecAuthor } {
  const [commit = "", name = "", email = ""] = line.split("\0");
  return { commit, author: { name, email } };
}

/** True where a file says what the spec says. One that cannot be read says something else. */
function isSame({ path, spec_sha256, bytes }: StandingSpec, content: Buffer | null): boolean {
  if (content === null) return false;
  if (bytes?.equals(content)) return true;
  try {
    return (
      parseSpecFile(decodeText(content, { file: path, code: "document_invalid" }), path).spec_sha256 === spec_sha256
    );
  } catch {
    return false;
  }
}
