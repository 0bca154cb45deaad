import type { SpecAuthor } from "../../gates/spec-record.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import type { Git } from "../../io/git.ts";
import type { GitObjectReader } from "../../io/git-object-reader.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import { diffTrees } from "../git-objects.ts";
import { parseSpecFile } from "../spec-file.ts";
import { authorsOf, personFormat, type SpecEdit } from "./spec-chains.ts";

const commitsMax = 1_000;
const atOnce = 8;
const renamesMax = 32;

/** A spec as it stands. */
export interface StandingSpec {
  readonly path: string;
  readonly spec_sha256: string;
  /** Its file, where that is at hand: a commit that has the same bytes need not be parsed. */
  readonly bytes?: Buffer | null;
}

/** Finds who wrote specs. What it learns of a commit serves for all of them. */
export interface AuthorSearch {
  readonly git: Git;
  readonly reader: GitObjectReader;
  /** Files that a commit deleted, by the commit. */
  readonly deleted: Map<string, Promise<readonly DeletedFile[]>>;
}

interface DeletedFile {
  readonly path: string;
  readonly object: string;
}

/** A search that knows nothing yet. */
export function createAuthorSearch(git: Git, reader: GitObjectReader): AuthorSearch {
  return { git, reader, deleted: new Map() };
}

/**
 * Author and committer of the last change of what is approved in a spec: of the first commit, from the newest, before which
 * its hash was another. A commit that only moved the file is passed over. Empty where no commit has the spec as it
 * stands. Throws `git_failed`, and `repository_unusable` for a spec with more commits than are looked at.
 */
export async function findSpecAuthors(
  search: AuthorSearch,
  head: string,
  spec: StandingSpec,
  moves = 0,
): Promise<readonly SpecAuthor[]> {
  const { path } = spec;
  const args = ["rev-list", `--max-count=${commitsMax}`, personFormat, head, "--", `:(top,literal)${path}`];
  const edits = (await search.git.text(args))
    .split("\n")
    .filter((line) => line.includes("\0"))
    .map((line) => {
      const commit = line.slice(0, line.indexOf("\0"));
      return { commit, authors: authorsOf(line), object: `${commit}:${path}` };
    });
  if (edits.length < commitsMax) return authorsOfEdits(search, spec, edits, moves);
  const { isWhole, found } = await firstOfText(search.reader, spec, edits);
  if (!isWhole) return found?.authors ?? [];
  throw new OrchestratorError("repository_unusable", `${path} has more than ${commitsMax} commits; approve it anew`);
}

/** The same from all edits of a spec, the newest first. Throws `git_failed`. */
export async function authorsOfEdits(
  search: AuthorSearch,
  spec: StandingSpec,
  edits: readonly SpecEdit[],
  moves = 0,
): Promise<readonly SpecAuthor[]> {
  const { isWhole, found } = await firstOfText(search.reader, spec, edits);
  if (found === null) return [];
  const source = isWhole ? await findSource(search, found.commit, spec) : null;
  if (source === null) return found.authors;
  return moves < renamesMax ? findSpecAuthors(search, `${found.commit}^@`, { ...spec, path: source }, moves + 1) : [];
}

/** The first edit, from the newest, before which a spec said something else. `isWhole` where all edits left it as it stands. */
async function firstOfText(
  reader: GitObjectReader,
  spec: StandingSpec,
  edits: readonly SpecEdit[],
): Promise<{ found: SpecEdit | null; isWhole: boolean }> {
  let found: SpecEdit | null = null;
  for (let start = 0; start < edits.length; start += atOnce) {
    const batch = edits.slice(start, start + atOnce);
    const contents = await reader.read(
      batch.map(({ object }) => object),
      documentBytesMax,
    );
    for (const [index, edit] of batch.entries()) {
      if (!isSame(spec, contents[index] ?? null)) return { found, isWhole: false };
      found = edit;
    }
  }
  return { found, isWhole: true };
}

/** The path at which the commit that added a spec found the same text, and took it away; null where there is none. */
async function findSource(search: AuthorSearch, commit: string, spec: StandingSpec): Promise<string | null> {
  const known = search.deleted.get(commit) ?? readDeleted(search.git, commit);
  search.deleted.set(commit, known);
  const files = (await known).filter(({ path }) => path !== spec.path);
  const contents = await search.reader.read(
    files.map(({ object }) => object),
    documentBytesMax,
  );
  return files.find((_, index) => isSame(spec, contents[index] ?? null))?.path ?? null;
}

async function readDeleted(git: Git, commit: string): Promise<readonly DeletedFile[]> {
  const entries = await diffTrees(git, ["-m", "--no-commit-id", "--diff-filter=D", commit]);
  return entries.flatMap(({ path, before }) =>
    before?.mode.startsWith("100") && /\.\w+$/.test(path) ? [{ path, object: before.object }] : [],
  );
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
