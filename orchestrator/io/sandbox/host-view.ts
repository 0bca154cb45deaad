import { readdir, readlink, realpath, stat } from "node:fs/promises";
import { homedir, userInfo } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { exists } from "../files.ts";
import type { Environment } from "./filtered-environment.ts";

/** What foreign code may see of the machine. All paths are real ones and exist. */
export interface HostView {
  /** Folders and files of the system that are shown, read-only. */
  readonly system: readonly string[];
  /** Links at the root that lead into what is shown, such as `/bin`. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** Folders that are never shown, even where they lie in one that is, outer ones first. */
  readonly hiddenFolders: readonly string[];
  /** Files and sockets that are empty inside the sandbox. */
  readonly hiddenFiles: readonly string[];
  /** Folders with programs elsewhere (this Node's, those of the PATH, toolchains), and the certificates that are trusted. */
  readonly tools: readonly string[];
  /** Those of them that hold this Node. They are shown even where they lie in the repository. */
  readonly node: readonly string[];
}

/** Programs and libraries. Distributions make some of them links into `/usr`. */
const systemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix/store", "/gnu/store"];

/** What programs read of `/etc`: how to load libraries, look up names, tell the time and trust certificates. Nothing of users. */
const configuration = [
  "alternatives",
  "ca-certificates",
  "ca-certificates.conf",
  "crypto-policies",
  "fonts",
  "gai.conf",
  "host.conf",
  "hosts",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "maven/logging",
  "maven/m2.conf",
  "mime.types",
  "nsswitch.conf",
  "os-release",
  "pki/ca-trust/extracted",
  "pki/tls/cert.pem",
  "pki/tls/certs",
  "pki/tls/openssl.cnf",
  "protocols",
  "services",
  "ssl/cert.pem",
  "ssl/certs",
  "ssl/openssl.cnf",
  "timezone",
].map((name) => `/etc/${name}`);

/** Homes, temporary folders and the sockets of services: no folder around one of them is shown for the programs in it. */
const systemSecrets = ["/tmp", "/var/tmp", "/run", "/var/run", "/root", "/home", "/etc", "/var/lib", "/var/backups"];

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

/** Variables that name the certificates that are trusted. */
const certificatePlaces = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR"];

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
  const secrets = [
    ...systemSecrets,
    ...homes.flatMap((home) => (home === "/" ? secretNames.map((name) => join(home, name)) : [home])),
    ...secretPlaces.map((name) => environment[name] ?? ""),
  ];
  const { folders, files } = await sortOut(secrets);
  const node = await nodeFolders();
  const certificates = await sortOut(certificatePlaces.map((name) => environment[name] ?? ""));
  const tools = [
    ...node,
    ...programFolders(environment["PATH"]),
    ...toolchainVariables.map((name) => environment[name] ?? ""),
    ...homes.flatMap((home) => toolchainFolders.map((name) => join(home, name))),
    ...certificates.folders,
  ];
  const system = await lookAtSystem();
  const shown = [...(await shownTools(tools, folders)), ...certificates.files];
  return { ...system, hiddenFolders: folders, hiddenFiles: files, tools: shown, node };
}

async function lookAtSystem(): Promise<Pick<HostView, "system" | "links">> {
  const links: { path: string; target: string }[] = [];
  const system: string[] = [];
  for (const path of [...systemFolders, ...configuration, ...(await javaConfiguration())]) {
    const target = await readlink(path).catch(() => null);
    if (target !== null && systemFolders.includes(path)) links.push({ path, target });
    else if (await exists(path)) system.push(path);
  }
  return { system, links };
}

/** Debian keeps what a Java reads when it starts outside of its folder. What manages one from afar may hold passwords. */
async function javaConfiguration(): Promise<readonly string[]> {
  const names = await readdir("/etc").catch(() => []);
  const folders = names.filter((name) => /^java-[0-9]+-openjdk$/.test(name)).map((name) => `/etc/${name}`);
  const entries = await Promise.all(
    folders.map(async (folder) => (await readdir(folder).catch(() => [])).map((name) => `${folder}/${name}`)),
  );
  return entries.flat().filter((path) => !path.endsWith("/management"));
}

/** Those of the folders that exist and may be shown: none is, or lies around, what is hidden. */
export async function shownTools(candidates: readonly string[], hidden: readonly string[]): Promise<string[]> {
  const { folders } = await sortOut(candidates);
  return folders.filter((folder) => !hidden.some((secret) => isWithin(secret, folder)));
}

/** The folders of a PATH, and the libraries beside those that are called `bin`. */
export function programFolders(path: string | undefined): string[] {
  return pathFolders(path).flatMap((folder) =>
    basename(folder) === "bin" ? [folder, join(dirname(folder), "lib")] : [folder],
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
  return programFolders(dirname(await realpath(process.execPath)));
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
