import { join, sep } from "node:path";
import { listDirectory } from "../../orchestrator/io/files.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { isInPlace, readPlainFile, realFolder } from "../../orchestrator/io/plain-file.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { stagingFolder } from "../../orchestrator/schema/pattern-ingest.ts";

const filesMax = 2_000;
const bytesMax = 16_777_216;
const depthMax = 32;

/** Never part of a library: what it is installed with, and its history. */
const leftOut: ReadonlySet<string> = new Set(["node_modules", ".git"]);

/** The files of a library as they were read at once. */
export interface LibraryFiles {
  /** Where they lie. */
  readonly folder: string;
  /** By path relative to the library's folder, with `/`, in the order of the paths' bytes. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Of one line for each file, `<sha256>  <path>\n`: what `sha256sum` of the sorted files, piped into `sha256sum`, prints. */
  readonly sha256: string;
}

/**
 * The folder of a library: one of the repository, without a link on the way to it, or that of an installed package, to which a package
 * manager may have put a link. Throws `library_refused`.
 */
export function findLibrary(root: string, from: string): string {
  const isPath = from.startsWith("./");
  const place = isPath ? join(root, from) : join(root, "node_modules", from);
  const folder = realFolder(place);
  const top = realFolder(root);
  if (folder === null || top === null) {
    throw new OrchestratorError(
      "library_refused",
      `there is no folder ${place}; ${isPath ? "name one of the repository" : "install the package"}`,
    );
  }
  if (isPath && `${folder}${sep}` !== join(top, from, sep))
    throw new OrchestratorError(
      "library_refused",
      `${place} is reached through a symbolic link; name the folder itself`,
    );
  if (isPath) refuseStaging(top, folder);
  return folder;
}

/** What waits for its tests and its approval is part of no library, under whatever spelling of its folder. */
function refuseStaging(root: string, folder: string): void {
  const plain = (path: string) => `${path.normalize("NFC").toLowerCase()}${sep}`;
  const [staging, library] = [plain(join(root, stagingFolder)), plain(folder)];
  if (!library.startsWith(staging) && !(staging.startsWith(library) && realFolder(join(root, stagingFolder)) !== null))
    return;
  throw new OrchestratorError(
    "library_refused",
    `${folder} is or holds ${stagingFolder}, where candidates lie: nothing there is loaded; name a folder beside it`,
  );
}

/** Reads every file of a library, but for `node_modules` and `.git`. Throws `library_refused` for a link or what is no file, and `disk_failed`. */
export async function readLibraryFiles(folder: string): Promise<LibraryFiles> {
  const files = new Map<string, Buffer>();
  let left = bytesMax;
  for (const path of (await pathsIn(folder, "", depthMax)).sort(byBytes)) {
    const file = readPlainFile(join(folder, path), bytesMax);
    if (typeof file === "string") throw refused(folder, path, file);
    if (!isInPlace(folder, path)) throw refused(folder, path, "reached through a symbolic link");
    left -= file.bytes.length;
    if (left < 0) throw refused(folder, path, `more than ${bytesMax} bytes up to here`);
    files.set(path, file.bytes);
  }
  const lines = [...files].map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`);
  return { folder, files, sha256: sha256(lines.join("")) };
}

async function pathsIn(folder: string, inside: string, depth: number): Promise<string[]> {
  if (depth === 0) throw refused(folder, inside, `deeper than ${depthMax} folders`);
  const found: string[] = [];
  for (const entry of await listDirectory(join(folder, inside))) {
    const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (/[\\\p{Cc}\uFFFD]/u.test(entry.name))
      throw refused(folder, path, "a name with a character that is not allowed");
    if (leftOut.has(entry.name)) continue;
    if (entry.isDirectory()) found.push(...(await pathsIn(folder, path, depth - 1)));
    else if (entry.isFile()) found.push(path);
    else throw refused(folder, path, entry.isSymbolicLink() ? "a symbolic link" : "no regular file");
    if (found.length > filesMax) throw refused(folder, path, `more than ${filesMax} files`);
  }
  return found;
}

function byBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function refused(folder: string, path: string, why: string): OrchestratorError {
  return new OrchestratorError("library_refused", `${join(folder, path)} cannot be part of a library: ${why}`);
}
