import { resolveCommand } from "package-manager-detector/commands";
import type { CommandPlan } from "../../orchestrator/schema/adapter-port.ts";
import { commandPlan } from "../command-plan.ts";
import type { PackageManagerName } from "./choose-package-manager.ts";
import type { PackageManifest } from "./package-manifest.ts";
import { runScript } from "./plan-test.ts";

/** Scripts that look and write nothing, by the names that projects give them. */
const checkScripts = ["format:check", "check:format", "fmt:check", "prettier:check", "format-check", "check-format"];

/** Words by which a formatter only looks. Without one of them it may write. */
const looks = /(?:^|\s)(?:--check|-c|--list-different|-l|biome\s+(?:ci|format(?!.*--(?:write|fix))))(?=\s|$)/;

/** Formatters that projects call directly, by their packages. */
const formatters = { prettier: ["prettier", "--check", "."], "@biomejs/biome": ["biome", "format", "."] } as const;

/**
 * The command that tells whether the files are formatted: a script that is named so, the script `format` where it only looks, else prettier or
 * biome where the project depends on it. Null where there is none.
 */
export function planFormat(manifest: PackageManifest, manager: PackageManagerName): CommandPlan | null {
  const { scripts } = manifest;
  const named = checkScripts.find((name) => (scripts[name] ?? "").trim() !== "");
  const script = named ?? (looks.test(scripts["format"] ?? "") ? "format" : undefined);
  const argv = script === undefined ? formatterOf(manifest, manager) : runScript(manager, script, []);
  return argv && commandPlan({ goal: "format", argv });
}

function formatterOf(
  { dependencies, devDependencies }: PackageManifest,
  manager: PackageManagerName,
): readonly [string, ...string[]] | null {
  const declared = { ...dependencies, ...devDependencies };
  const [, command] = Object.entries(formatters).find(([name]) => Object.hasOwn(declared, name)) ?? [];
  if (command === undefined) return null;
  const resolved = resolveCommand(manager, "execute-local", [...command]);
  return resolved && [resolved.command, ...resolved.args];
}
