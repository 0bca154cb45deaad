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
 * Author and committer of the last change of what is approved in a spec: of the commits that have its hash while no parent has it, and of
 * those right before them that cannot be read as a spec. A commit that only moved the file is passed over, and one that also mended
 * its header is not alone. Empty where no commit has the spec as it stands. Throws `git_failed`, and `repository_unusable` for a spec with more commits than are looked at.
 */
export async function findSpecAuthors(
  search: AuthorSearch,
  head: string,
  spec: StandingSpec,
  moves = 0,
): Promise<readonly SpecAuthor[]> {
  const { path } = spec;
  // Where `--parents` is given, git names the parents as the history of the path has them.
  const args = [
    "rev-list",
    "--parents",
    `--max-count=${commitsMax}`,
    personFormat,
    head,
    "--",
    `:(top,literal)${path}`,
  ];
  const lines = (await search.git.text(args)).split("\n");
  const edits = lines.flatMap((line, index): PlacedEdit[] => {
    const [commit = "", ...parents] = line.startsWith("commit ") ? line.split(" ").slice(1) : [];
    return commit === ""
      ? []
      : [{ commit, parents, authors: authorsOf(lines[index + 1] ?? ""), object: `${commit}:${path}` }];
  });
  return authorsOfEdits(search, spec, edits, moves);
}

/** The same from the edits of a spec, the newest first, none of which is a merge. Throws as `findSpecAuthors`. */
export function authorsOfChain(search: AuthorSearch, spec: StandingSpec, edits: readonly SpecEdit[]) {
  const placed = edits.map((edit, index) => ({
    ...edit,
    parents: edits.slice(index + 1, index + 2).map((next) => next.commit),
  }));
  return authorsOfEdits(search, spec, placed, 0);
}

/** An edit, and those that it came after. */
interface PlacedEdit extends SpecEdit {
  readonly parents: readonly string[];
}

async function authorsOfEdits(
  search: AuthorSearch,
  spec: StandingSpec,
  edits: readonly PlacedEdit[],
  moves: number,
): Promise<readonly SpecAuthor[]> {
  const sayings = createSayings(search.reader, spec, edits);
  const byCommit = new Map(edits.map((edit) => [edit.commit, edit]));
  const seen = new Set<string>();
  const open = edits.slice(0, 1);
  const authors: SpecAuthor[] = [];
  for (let edit = open.pop(); edit !== undefined; edit = open.pop()) {
    if (seen.has(edit.commit)) continue;
    seen.add(edit.commit);
    const said = await sayings(edit);
    if (said === "other") continue;
    const parents = edit.parents.flatMap((parent) => byCommit.get(parent) ?? []);
    if (parents.length < edit.parents.length) throw tooManyCommits(spec.path);
    const before = await Promise.all(parents.map(async (parent) => ({ parent, said: await sayings(parent) })));
    const same = before.filter((each) => each.said === "same");
    open.push(...(same.length > 0 ? same : before).map(({ parent }) => parent));
    if (said === "same" && same.length > 0) continue;
    const source = said === "same" && parents.length === 0 ? await findSource(search, edit.commit, spec) : null;
    if (source === null || source.isMended) authors.push(...edit.authors);
    if (source !== null) authors.push(...(await authorsBeforeMove(search, edit, spec, source.path, moves)));
  }
  return authors;
}

async function authorsBeforeMove(
  search: AuthorSearch,
  { commit }: SpecEdit,
  spec: StandingSpec,
  source: string,
  moves: number,
): Promise<readonly SpecAuthor[]> {
  return moves < renamesMax ? findSpecAuthors(search, `${commit}^@`, { ...spec, path: source }, moves + 1) : [];
}

function tooManyCommits(path: string): OrchestratorError {
  return new OrchestratorError("repository_unusable", `${path} has more than ${commitsMax} commits; approve it anew`);
}

/** What a version says: the spec as it stands, something else, or nothing that can be read as a spec. */
type Saying = "same" | "other" | "unreadable";

/** Reads versions of a spec, some at once: most are asked for one after the other. */
function createSayings(
  reader: GitObjectReader,
  spec: StandingSpec,
  edits: readonly PlacedEdit[],
): (edit: PlacedEdit) => Promise<Saying> {
  const known = new Map<string, Saying>();
  return async (edit) => {
    const found = known.get(edit.commit);
    if (found !== undefined) return found;
    const start = edits.indexOf(edit);
    const batch = edits.slice(start, start + atOnce).filter(({ commit }) => !known.has(commit));
    const contents = await reader.read(
      batch.map(({ object }) => object),
      documentBytesMax,
    );
    for (const [index, { commit }] of batch.entries()) known.set(commit, sayingOf(spec, contents[index] ?? null));
    return known.get(edit.commit) ?? "unreadable";
  };
}

/** Where a spec was before a commit moved it. */
interface SpecSource {
  readonly path: string;
  /** True where it could not be read as a spec there, and its text ends alike. */
  readonly isMended: boolean;
}

/** What the commit that added a spec took away elsewhere, with the same text or else the same body; null where there is none. */
async function findSource(search: AuthorSearch, commit: string, spec: StandingSpec): Promise<SpecSource | null> {
  const known = search.deleted.get(commit) ?? readDeleted(search.git, commit);
  search.deleted.set(commit, known);
  const files = (await known).filter(({ path }) => path !== spec.path);
  if (files.length === 0) return null;
  const objects = [`${commit}:${spec.path}`, ...files.map(({ object }) => object)];
  const [own = null, ...contents] = await search.reader.read(objects, documentBytesMax);
  const said = files.map((_, index) => sayingOf(spec, contents[index] ?? null));
  const same = files[said.indexOf("same")];
  if (same !== undefined) return { path: same.path, isMended: false };
  const body = own === null ? "" : bodyOf(own);
  const mended = files.find((_, index) => said[index] === "unreadable" && endsWith(contents[index] ?? null, body));
  return mended === undefined ? null : { path: mended.path, isMended: true };
}

/** The body of a spec without its header, as far as one can be told. */
function bodyOf(content: Buffer): string {
  const text = plainText(content);
  const end = text.indexOf("\n---\n");
  return end < 0 ? "" : text.slice(end + 5).trim();
}

function endsWith(content: Buffer | null, body: string): boolean {
  return content !== null && body !== "" && plainText(content).endsWith(body);
}

function plainText(content: Buffer): string {
  return content.toString("utf8").normalize("NFC").replaceAll(/\r\n?/g, "\n").trimEnd();
}

async function readDeleted(git: Git, commit: string): Promise<readonly DeletedFile[]> {
  const entries = await diffTrees(git, ["-m", "--no-commit-id", "--diff-filter=D", commit]);
  return entries.flatMap(({ path, before }) =>
    before?.mode.startsWith("100") ? [{ path, object: before.object }] : [],
  );
}

/** A version that was deleted says nothing: who brings it back has not written it. */
function sayingOf({ path, spec_sha256, bytes }: StandingSpec, content: Buffer | null): Saying {
  if (content === null) return "unreadable";
  if (bytes?.equals(content)) return "same";
  try {
    const found = parseSpecFile(decodeText(content, { file: path, code: "document_invalid" }), path).spec_sha256;
    return found === spec_sha256 ? "same" : "other";
  } catch {
    return "unreadable";
  }
}
