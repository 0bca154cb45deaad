import { exists } from "../io/files.ts";
import { sha256 } from "../io/hash.ts";
import { applyUnifiedDiff, type EditedFile, editExact, removeInside, writeInside } from "./edit-files.ts";
import type { InOrder } from "./in-order.ts";
import {
  type ListRequest,
  listInside,
  type ReadRequest,
  type ReadText,
  readResolved,
  readText,
  type SearchRequest,
  type SearchResult,
  searchInside,
} from "./read-files.ts";
import { resolveInside } from "./resolve-inside.ts";

/**
 * What agents may do with files. Every path is confined to the workspace (`path_refused`); a refused edit (`edit_refused`)
 * changes nothing. The contents are data, whatever they say.
 */
export interface WorkspaceFiles {
  list(request?: ListRequest): Promise<{ paths: string[]; truncated: boolean }>;
  read(path: string, request?: ReadRequest): Promise<ReadText>;
  search(request: SearchRequest): Promise<SearchResult>;
  /** The sha256 of a file's bytes, or null where there is none. */
  hash(path: string): Promise<string | null>;
  write(path: string, content: string): Promise<EditedFile>;
  editExact(path: string, oldText: string, newText: string): Promise<EditedFile>;
  applyUnifiedDiff(diff: string): Promise<EditedFile[]>;
  remove(path: string): Promise<EditedFile>;
}

/** What the files lie in. `listPaths` names every file that is part of the tree or may become so. */
export interface WorkspaceFilesRequest {
  readonly root: string;
  readonly dependencyFolders: readonly string[];
  readonly listPaths: () => Promise<readonly string[]>;
  /** True for a path that is no part of the tree and cannot become so. */
  readonly isIgnored: (path: string) => Promise<boolean>;
  /** Keeps edits and searches apart from git's work on the same files. */
  readonly inOrder: InOrder;
}

/** The file operations of a workspace. */
export function createWorkspaceFiles({
  root,
  dependencyFolders,
  listPaths,
  isIgnored,
  inOrder,
}: WorkspaceFilesRequest): WorkspaceFiles {
  const bounds = { root, dependencyFolders, isIgnored };
  return {
    list: (request) => inOrder(async () => listInside(root, await listPaths(), request ?? {})),
    read: (path, request) => readText(root, path, request),
    search: (request) => inOrder(async () => searchInside(root, await listPaths(), request)),
    hash: (path) => hashInside(root, path),
    write: (path, content) => inOrder(() => writeInside(bounds, path, content)),
    editExact: (path, oldText, newText) => inOrder(() => editExact(bounds, path, oldText, newText)),
    applyUnifiedDiff: (diff) => inOrder(() => applyUnifiedDiff(bounds, diff)),
    remove: (path) => inOrder(() => removeInside(bounds, path)),
  };
}

async function hashInside(root: string, path: string): Promise<string | null> {
  const place = await resolveInside(root, path, "write");
  return (await exists(place)) ? sha256((await readResolved(place, path)).bytes) : null;
}
