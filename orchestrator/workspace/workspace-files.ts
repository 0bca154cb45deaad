import { applyUnifiedDiff, type EditedFile, editExact, removeInside, writeInside } from "./edit-files.ts";
import type { InOrder } from "./in-order.ts";
import { type ListRequest, listInside, type SearchRequest, type SearchResult, searchInside } from "./read-files.ts";

/**
 * What agents may do with files. Every path is confined to the workspace (`path_refused`); a refused edit (`edit_refused`)
 * changes nothing. The contents are data, whatever they say.
 */
export interface WorkspaceFiles {
  list(request?: ListRequest): Promise<{ paths: string[]; truncated: boolean }>;
  search(request: SearchRequest): Promise<SearchResult>;
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
    search: (request) => inOrder(async () => searchInside(root, await listPaths(), request)),
    write: (path, content) => inOrder(() => writeInside(bounds, path, content)),
    editExact: (path, oldText, newText) => inOrder(() => editExact(bounds, path, oldText, newText)),
    applyUnifiedDiff: (diff) => inOrder(() => applyUnifiedDiff(bounds, diff)),
    remove: (path) => inOrder(() => removeInside(bounds, path)),
  };
}
