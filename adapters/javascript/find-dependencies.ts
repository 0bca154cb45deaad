import { resolveCommand } from "package-manager-detector/commands";
import type { CommandPlan, DependencyNeed } from "../../orchestrator/schema/adapter-port.ts";
import type { PackageManagerChoice, PackageManagerName } from "./choose-package-manager.ts";
import { commandPlan } from "./command-plan.ts";
import type { PackageManifest } from "./package-manifest.ts";

/** No script of a dependency runs, and nothing but the lock file decides what is installed. */
const installOptions: Readonly<Record<PackageManagerName, readonly string[]>> = {
  npm: ["--ignore-scripts", "--no-audit", "--no-fund"],
  pnpm: ["--ignore-scripts"],
  yarn: ["--ignore-scripts"],
  "yarn@berry": ["--mode=skip-build"],
  bun: ["--ignore-scripts"],
};

/** What a project needs installed, by its manifest and lock file. Without a lock file there is no install command. */
export function findDependencies(manifest: PackageManifest | null, manager: PackageManagerChoice): DependencyNeed {
  const { lockFile } = manager;
  const count = manifest === null ? 0 : countDependencies(manifest);
  const isWorkspace = manifest?.workspaces !== undefined;
  const common = { needed: count > 0 || isWorkspace, lockFile, folders: ["node_modules"] };
  if (!common.needed)
    return { ...common, install: null, reason: "package.json declares no dependencies and no workspaces." };
  const counted = count === 0 ? [] : [count === 1 ? "1 dependency" : `${count} dependencies`];
  const what = `package.json declares ${[...counted, ...(isWorkspace ? ["workspaces"] : [])].join(" and ")}`;
  if (lockFile !== null)
    return { ...common, install: installPlan(manager.name), reason: `${what}, and ${lockFile} fixes them.` };
  const reason = `${what}, but there is no lock file of ${manager.name}, so nothing fixes what would be installed: commit one.`;
  return { ...common, install: null, reason };
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
