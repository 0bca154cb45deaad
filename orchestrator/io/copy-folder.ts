import { constants, type Dirent } from "node:fs";
import { copyFile, link, mkdir, readdir, readlink, symlink } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import { isOrchestratorError, OrchestratorError } from "../schema/errors.ts";
import { diskFault, hasCode } from "./files.ts";

/** What to copy, and how. */
export interface CopyRequest {
  readonly source: string;
  /** Must not exist yet. */
  readonly target: string;
  /** True: files are hard links where the disk can do it, so both names stand for the same bytes. */
  readonly link: boolean;
  /** Symbolic links that lead below one of these stay as they are (absolute ones become relative); others are left out. */
  readonly linkRoots: readonly string[];
  /** Paths in the folder, relative to it, that are left out. */
  readonly leaveOut: readonly string[];
}

/** How many files became hard links, and how many became copies. */
export interface CopyCount {
  linked: number;
  copied: number;
}

const entriesMax = 2_000_000;
const atOnce = 64;

/** Copies a folder with modes and links; devices, pipes and sockets are left out. Throws `disk_failed`. */
export async function copyFolder(request: CopyRequest): Promise<CopyCount> {
  const count = { linked: 0, copied: 0 };
  const state = { canLink: request.link, entries: 0 };
  const folders = [""];
  try {
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      await mkdir(join(request.target, folder), { recursive: true });
      const entries = (await readdir(join(request.source, folder), { withFileTypes: true })).filter(
        ({ name }) => !request.leaveOut.includes(join(folder, name)),
      );
      state.entries += entries.length;
      if (state.entries > entriesMax)
        throw new OrchestratorError("disk_failed", `${request.source} has more than ${entriesMax} entries`);
      folders.push(...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)));
      for (let start = 0; start < entries.length; start += atOnce) {
        const batch = entries.slice(start, start + atOnce);
        await Promise.all(batch.map((entry) => copyEntry(request, join(folder, entry.name), entry, state, count)));
      }
    }
  } catch (error) {
    throw isOrchestratorError(error) ? error : diskFault("copy", request.source, error);
  }
  return count;
}

async function copyEntry(
  request: CopyRequest,
  path: string,
  entry: Dirent,
  state: { canLink: boolean },
  count: CopyCount,
): Promise<void> {
  const [from, to] = [join(request.source, path), join(request.target, path)];
  if (entry.isSymbolicLink()) return copyLink(request, from, to);
  if (!entry.isFile()) return;
  if (state.canLink && (await tryLink(from, to))) {
    count.linked += 1;
    return;
  }
  state.canLink = false;
  await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  count.copied += 1;
}

/** False where this disk, or the owner of the file, does not allow a link. */
async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, "EXDEV", "EPERM", "EACCES", "EMLINK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS")) return false;
    throw error;
  }
}

async function copyLink({ linkRoots }: CopyRequest, from: string, to: string): Promise<void> {
  const text = await readlink(from);
  const leadsTo = resolve(dirname(from), text);
  if (!linkRoots.some((root) => isBelow(root, leadsTo))) return;
  await symlink(isAbsolute(text) ? relative(dirname(from), leadsTo) : text, to);
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== "" && !isAbsolute(way) && way.split(/[\\/]/)[0] !== "..";
}
