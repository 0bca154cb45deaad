import { resolveCommand } from "package-manager-detector/commands";
import type { CommandPlan, DependencyNeed, RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import { commandPlan } from "../command-plan.ts";
import type { PackageManagerChoice, PackageManagerName } from "./choose-package-manager.ts";
import type { PackageManifest } from "./package-manifest.ts";

/** No script of a dependency runs, and nothing but the lock file decides what is installed. */
const installOptions: Readonly<Record<PackageManagerName, readonly string[]>> = {
  npm: ["--ignore-scripts", "--no-audit", "--no-fund"],
  pnpm: ["--ignore-scripts"],
  yarn: ["--ignore-scripts"],
  "yarn@berry": ["--mode=skip-build"],
  bun: ["--ignore-scripts"],
};

/**
 * What a project needs installed, by its manifest and lock file. Without a lock file there is no install command, and none where the
 * dependencies would lie where they cannot be provided.
 */
export async function findDependencies(
  repository: Pick<RepositoryReader, "read" | "exists">,
  manifest: PackageManifest | null,
  manager: PackageManagerChoice,
): Promise<DependencyNeed> {
  const { lockFile } = manager;
  const count = manifest === null ? 0 : countDependencies(manifest);
  const isWorkspace = manifest?.workspaces !== undefined;
  const declares = count > 0 || isWorkspace;
  const unsupported = await findUnsupported(repository, manager, declares);
  const isNeeded = declares || unsupported !== null;
  const folders = ["node_modules", ...(await foldersOfWorkspaces(repository, manager))];
  const common = { needed: isNeeded, lockFile, folders, unsupported };
  if (!common.needed)
    return { ...common, install: null, reason: "package.json declares no dependencies and no workspaces." };
  const counted = count === 0 ? [] : [count === 1 ? "1 dependency" : `${count} dependencies`];
  const what = `package.json declares ${[...counted, ...(isWorkspace ? ["workspaces"] : [])].join(" and ")}`;
  if (unsupported !== null) return { ...common, install: null, reason: unsupported };
  if (lockFile !== null)
    return { ...common, install: installPlan(manager.name), reason: `${what}, and ${lockFile} fixes them.` };
  const reason = `${what}, but there is no lock file of ${manager.name}, so nothing fixes what would be installed: commit one.`;
  return { ...common, install: null, reason };
}

/** Why the root's `node_modules` cannot hold all dependencies, or null. */
async function findUnsupported(
  repository: Pick<RepositoryReader, "read" | "exists">,
  { name }: PackageManagerChoice,
  declares: boolean,
): Promise<string | null> {
  if (name === "pnpm") {
    const isWorkspace = /^packages\s*:/m.test((await repository.read("pnpm-workspace.yaml")) ?? "");
    if (isWorkspace)
      return "pnpm-workspace.yaml declares packages, each with a node_modules of its own; only the root's can be provided.";
  }
  if (name === "yarn@berry" && declares) {
    const linker = /^nodeLinker\s*:\s*["']?(node-modules|pnpm)\b/m.test((await repository.read(".yarnrc.yml")) ?? "");
    if (!linker || (await repository.exists(".pnp.cjs")))
      return "Yarn's Plug'n'Play keeps dependencies outside of node_modules, which alone can be provided: set 'nodeLinker: node-modules' in .yarnrc.yml.";
  }
  return null;
}

/** npm places a package below a workspace where the root's folder holds another version of it; the lock file names each place. */
async function foldersOfWorkspaces(
  repository: Pick<RepositoryReader, "read">,
  { name, lockFile }: PackageManagerChoice,
): Promise<readonly string[]> {
  if (name !== "npm" || lockFile === null) return [];
  const places = ((await repository.read(lockFile)) ?? "").matchAll(
    /"((?!node_modules\/|\.)[^"\\\n]+?\/node_modules)\/[^"\n]+"\s*:\s*\{/g,
  );
  return [...new Set([...places].map(([, folder = ""]) => folder))].sort();
}

function countDependencies(manifest: PackageManifest): number {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = manifest;
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies, ...peerDependencies }).length;
}

function installPlan(manager: PackageManagerName): CommandPlan | null {
  const resolved = resolveCommand(manager, "frozen", [...installOptions[manager]]);
  if (resolved === null) return null;
  return commandPlan({ goal: "install", argv: [resolved.command, ...resolved.args], needsNetwork: true });
}
