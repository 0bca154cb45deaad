import type { HostView } from "./host-view.ts";

/** What one command may see and do, in real paths that exist. */
export interface BubblewrapBounds {
  readonly writable: readonly string[];
  readonly readOnly: readonly string[];
  readonly network: boolean;
  /** Folders and files that are hidden by place but needed: programs on the PATH, the resolver's configuration. */
  readonly shown: readonly string[];
  readonly cwd: string;
}

/**
 * The arguments of bubblewrap up to the program. Mounts come in the order of the arguments, a later one over an earlier: all
 * read-only, then what is hidden, then programs inside it, then what may be written, then what may not after all.
 */
export function bubblewrapArguments(host: HostView, bounds: BubblewrapBounds): string[] {
  const outerFirst = (paths: readonly string[]) => [...new Set(paths)].sort();
  return [
    ...["--die-with-parent", "--new-session", "--unshare-all", "--cap-drop", "ALL"],
    ...(bounds.network ? ["--share-net"] : []),
    ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
    ...host.hiddenFolders.flatMap((path) => ["--tmpfs", path]),
    ...host.hiddenFiles.filter((path) => !isHidden(path, host)).flatMap((path) => ["--ro-bind", "/dev/null", path]),
    ...outerFirst([...host.tools, ...bounds.shown]).flatMap((path) => ["--ro-bind", path, path]),
    ...outerFirst(bounds.writable).flatMap((path) => ["--bind", path, path]),
    ...outerFirst(bounds.readOnly).flatMap((path) => ["--ro-bind", path, path]),
    ...["--chdir", bounds.cwd, "--"],
  ];
}

function isHidden(path: string, host: HostView): boolean {
  return host.hiddenFolders.some((folder) => path.startsWith(`${folder}/`));
}
