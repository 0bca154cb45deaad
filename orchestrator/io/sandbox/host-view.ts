import { realpath, stat } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import type { Environment } from "./filtered-environment.ts";

/** What foreign code may see of the machine. All paths are real ones and exist. */
export interface HostView {
  /** Folders that are empty inside the sandbox, outer ones first. */
  readonly hiddenFolders: readonly string[];
  /** Files and sockets that are empty inside the sandbox. */
  readonly hiddenFiles: readonly string[];
  /** Folders with programs that lie inside a hidden one and are shown, read-only, all the same. */
  readonly tools: readonly string[];
}

/** The homes, private temporary folders, sockets of services (docker, D-Bus, agents), and system files that root could read. */
const systemSecrets = [
  "/tmp",
  "/var/tmp",
  "/run",
  "/var/run",
  "/root",
  "/etc/ssh",
  "/etc/shadow",
  "/etc/gshadow",
  "/etc/docker",
  "/etc/kubernetes",
  "/etc/letsencrypt",
  "/etc/ssl/private",
  "/var/backups",
  "/var/lib/docker",
  "/var/lib/kubelet",
];

/** Variables that name a file or a folder with credentials, which may lie outside the home. */
const secretPlaces = [
  "AWS_CONFIG_FILE",
  "AWS_SHARED_CREDENTIALS_FILE",
  "DOCKER_CONFIG",
  "GNUPGHOME",
  "GOOGLE_APPLICATION_CREDENTIALS",
  "KUBECONFIG",
  "NETRC",
  "NPM_CONFIG_USERCONFIG",
  "SSH_AUTH_SOCK",
  "XDG_CONFIG_HOME",
  "npm_config_userconfig",
];

/** What holds credentials in a home that cannot be hidden whole because it is the root folder. */
const secretNames = [
  ".ssh",
  ".aws",
  ".azure",
  ".config",
  ".docker",
  ".git-credentials",
  ".gnupg",
  ".kube",
  ".netrc",
  ".npmrc",
  ".pypirc",
];

/** Where version managers keep toolchains: a variable, or a folder of the home. They keep no credentials there. */
const toolchainVariables = [
  "ASDF_DATA_DIR",
  "FNM_DIR",
  "GOROOT",
  "JAVA_HOME",
  "NVM_DIR",
  "PYENV_ROOT",
  "RUSTUP_HOME",
  "VOLTA_HOME",
];
const toolchainFolders = [
  ".asdf",
  ".nvm",
  ".pyenv",
  ".rustup",
  ".sdkman",
  ".volta",
  ".local/share/fnm",
  ".local/share/mise",
];

/** Looks at the machine. `environment` is the user's own, unfiltered. */
export async function lookAtHost(environment: Environment): Promise<HostView> {
  const homes = [environment["HOME"] ?? "", homedir(), userInfo().homedir];
  const isRoot = process.getuid?.() === 0;
  const secrets = [
    ...systemSecrets,
    ...(isRoot ? ["/home"] : []),
    ...homes.flatMap((home) => (home === "/" ? secretNames.map((name) => join(home, name)) : [home])),
    ...secretPlaces.map((name) => environment[name] ?? ""),
  ];
  const { folders, files } = await sortOut(secrets);
  const tools = [
    ...(await nodeFolders()),
    ...pathFolders(environment["PATH"]),
    ...toolchainVariables.map((name) => environment[name] ?? ""),
    ...homes.flatMap((home) => toolchainFolders.map((name) => join(home, name))),
  ];
  return { hiddenFolders: folders, hiddenFiles: files, tools: await shownTools(tools, folders) };
}

/** Those of the folders that are hidden but for being shown: strictly inside a hidden folder, and around none. */
export async function shownTools(candidates: readonly string[], hidden: readonly string[]): Promise<string[]> {
  const { folders } = await sortOut(candidates);
  return folders.filter(
    (folder) =>
      hidden.some((secret) => folder !== secret && isWithin(folder, secret)) &&
      !hidden.some((secret) => isWithin(secret, folder)),
  );
}

/** The absolute folders of a PATH. */
export function pathFolders(path: string | undefined): string[] {
  return (path ?? "").split(":").filter(isAbsolute);
}

/** True where `path` is `folder` or lies in it. Both are absolute and normal. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** This Node's own folder, and npm's beside it. */
async function nodeFolders(): Promise<string[]> {
  const folder = dirname(await realpath(process.execPath));
  return basename(folder) === "bin" ? [folder, dirname(folder)] : [folder];
}

/** The real paths of those that exist, each once, outer ones first. */
async function sortOut(paths: readonly string[]): Promise<{ folders: string[]; files: string[] }> {
  const folders = new Set<string>();
  const files = new Set<string>();
  for (const path of paths.filter((path) => isAbsolute(path) && path !== "/")) {
    const real = await realpath(path).catch(() => null);
    const status = real === null ? null : await stat(real).catch(() => null);
    if (real === null || status === null || real === "/") continue;
    (status.isDirectory() ? folders : files).add(real);
  }
  return { folders: [...folders].sort(), files: [...files].sort() };
}
