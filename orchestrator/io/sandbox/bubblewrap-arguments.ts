import { type HostView, isWithin } from "./host-view.ts";

/** What one command may see and do, in real paths that exist. */
export interface BubblewrapBounds {
  readonly writable: readonly string[];
  readonly readOnly: readonly string[];
  /** Folders that are empty inside the sandbox but for what else is named here. */
  readonly hidden: readonly string[];
  readonly network: boolean;
  /** Folders with programs, and files, that are needed besides the system's own. */
  readonly shown: readonly string[];
  /** The file that says how to look up names, where there is a network. */
  readonly resolver: string | null;
  /** A folder with the `passwd` and the `group` that the command sees. */
  readonly accounts: string;
  readonly cwd: string;
}

/** Folders of its own that a command may write, and that are gone with it. */
const ownFolders = ["/tmp", "/var/tmp", "/run"];

/**
 * The arguments of bubblewrap up to the program. The root is empty but for what is named. Mounts come in the order of the
 * arguments, a later one over an earlier: the system, then what is hidden inside it, then programs elsewhere, then what may
 * be written, then what may not after all. At last the empty root itself is sealed.
 */
export function bubblewrapArguments(host: HostView, bounds: BubblewrapBounds): string[] {
  const outerFirst = (paths: readonly string[]) => [...new Set(paths)].sort();
  const isSystem = (path: string) => host.system.some((folder) => isWithin(path, folder));
  return [
    ...["--die-with-parent", "--new-session", "--unshare-all", "--cap-drop", "ALL"],
    ...(bounds.network ? ["--share-net"] : []),
    ...outerFirst(host.system).flatMap((path) => ["--ro-bind", path, path]),
    ...host.links.flatMap(({ path, target }) => ["--symlink", target, path]),
    ...["--dev", "/dev", "--proc", "/proc"],
    ...ownFolders.flatMap((path) => ["--tmpfs", path]),
    ...["passwd", "group"].flatMap((name) => ["--ro-bind", `${bounds.accounts}/${name}`, `/etc/${name}`]),
    ...(bounds.resolver === null ? [] : ["--ro-bind", bounds.resolver, "/etc/resolv.conf"]),
    ...outerFirst([...host.hiddenFolders, ...bounds.hidden].filter(isSystem)).flatMap((path) => ["--tmpfs", path]),
    ...host.hiddenFiles.filter(isSystem).flatMap((path) => ["--ro-bind", "/dev/null", path]),
    ...outerFirst(bounds.shown).flatMap((path) => ["--ro-bind", path, path]),
    ...outerFirst(bounds.writable).flatMap((path) => ["--bind", path, path]),
    ...outerFirst(bounds.readOnly).flatMap((path) => ["--ro-bind", path, path]),
    ...["--remount-ro", "/", "--chdir", bounds.cwd, "--"],
  ];
}
