import { z } from "zod";
import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import type { PackageManifest } from "./package-manifest.ts";

/** The package managers that the adapter knows; `yarn` is classic, `yarn@berry` is version 2 and later. */
export type PackageManagerName = "npm" | "pnpm" | "yarn" | "yarn@berry" | "bun";

/** The package manager of a project, and why. */
export interface PackageManagerChoice {
  readonly name: PackageManagerName;
  /** The lock file of this package manager, or null where there is none. */
  readonly lockFile: string | null;
  /** Sentences such as "package-lock.json: npm". */
  readonly evidence: readonly string[];
}

/** In the order in which they count where a project has several. npm itself prefers the shrinkwrap. */
const lockFiles = [
  ["npm-shrinkwrap.json", "npm"],
  ["package-lock.json", "npm"],
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
] as const;

const NamedTool = z.looseObject({ name: z.string(), version: z.string().optional() });

/**
 * Decides by the `packageManager` field, then `devEngines`, then the lock files, then npm. (The library for this walks up the
 * real file system, past the repository's root, so only its command table is used.)
 */
export async function choosePackageManager(
  repository: RepositoryReader,
  manifest: PackageManifest,
): Promise<PackageManagerChoice> {
  const present = await findLockFiles(repository);
  const declared = declaredManager(manifest);
  const yarn = present.some(([file]) => file === "yarn.lock") ? await yarnGeneration(repository) : "yarn";
  const name = declared?.name ?? withGeneration(present[0]?.[1] ?? "npm", yarn);
  const lockFile = present.find(([, tool]) => tool === name.replace("@berry", ""))?.[0] ?? null;
  const evidence = present.map(([file, tool]) => `${file}: ${withGeneration(tool, yarn)}`);
  if (declared !== undefined) evidence.unshift(`${declared.source}: ${declared.name}`);
  return { name, lockFile, evidence: evidence.length > 0 ? evidence : ["no lock file: npm, the default"] };
}

async function findLockFiles(repository: RepositoryReader) {
  const checks = await Promise.all(lockFiles.map(([file]) => repository.exists(file)));
  return lockFiles.filter((_, index) => checks[index] === true);
}

function withGeneration(tool: "npm" | "pnpm" | "yarn" | "bun", yarn: "yarn" | "yarn@berry"): PackageManagerName {
  return tool === "yarn" ? yarn : tool;
}

async function yarnGeneration(repository: RepositoryReader): Promise<"yarn" | "yarn@berry"> {
  if (await repository.exists(".yarnrc.yml")) return "yarn@berry";
  const lock = await repository.read("yarn.lock");
  return lock !== null && /^__metadata:/m.test(lock) ? "yarn@berry" : "yarn";
}

function declaredManager(manifest: PackageManifest): { name: PackageManagerName; source: string } | undefined {
  const [tool = "", version = ""] = manifest.packageManager?.split("@") ?? [];
  const named = managerNamed(tool, version);
  if (named !== undefined) return { name: named, source: `packageManager ${manifest.packageManager}` };
  const engine = NamedTool.safeParse([manifest.devEngines?.packageManager].flat()[0]);
  const engineName = engine.success ? managerNamed(engine.data.name, engine.data.version ?? "") : undefined;
  return engineName === undefined ? undefined : { name: engineName, source: "devEngines.packageManager" };
}

function managerNamed(tool: string, version: string): PackageManagerName | undefined {
  if (tool === "yarn") return /^[^0-9]*[01]\./.test(version) || version === "" ? "yarn" : "yarn@berry";
  return tool === "npm" || tool === "pnpm" || tool === "bun" ? tool : undefined;
}
