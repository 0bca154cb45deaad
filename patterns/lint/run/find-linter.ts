import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { z } from "zod";
import { readFileIfThere } from "../../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../../orchestrator/schema/errors.ts";
import type { LinterChoice } from "../../../orchestrator/schema/pattern-workbench.ts";
import { readJson } from "./linter-answer.ts";

/** A linter that is installed. */
export interface FoundLinter {
  readonly name: "oxlint" | "eslint";
  readonly version: string;
  /** Its script, which Node runs. */
  readonly program: string;
  /** The module that parses TypeScript for ESLint; null for oxlint, which needs none, and where there is none. */
  readonly parser: string | null;
}

/** The oldest releases that the rules were tried with. */
const versionsMin = { oxlint: [1, 60], eslint: [9, 15] } as const;
const packageBytesMax = 1_048_576;
const Package = z.object({ version: z.string(), bin: z.union([z.string(), z.record(z.string(), z.string())]) });

/**
 * The linter for a folder: oxlint of the repository, then that beside this package, then ESLint in the same order. One that is too old is
 * passed over. Throws `linter_unavailable`.
 */
export async function findLinter(root: string, choice: LinterChoice, own = import.meta.url): Promise<FoundLinter> {
  const names = choice === "auto" ? (["oxlint", "eslint"] as const) : ([choice] as const);
  const places = [join(root, "package.json"), own];
  for (const name of names) {
    for (const place of places) {
      const found = await installed(name, createRequire(place));
      if (found !== null) return name === "eslint" ? { ...found, parser: findParser(places) } : found;
    }
  }
  const wanted = names.map((name) => `${name} ${versionsMin[name].join(".")}`).join(" or ");
  throw new OrchestratorError(
    "linter_unavailable",
    `no ${wanted}, or later, is installed in ${root} or beside this package; install one: npm install --save-dev ${names[0]}`,
  );
}

async function installed(name: FoundLinter["name"], require: NodeJS.Require): Promise<FoundLinter | null> {
  const manifest = resolved(require, `${name}/package.json`);
  const bytes = manifest === null ? null : await readFileIfThere(manifest, packageBytesMax);
  if (manifest === null || bytes === null) return null;
  const read = Package.safeParse(readJson(bytes.toString("utf8")));
  if (!read.success) return null;
  const { version, bin } = read.data;
  const script = typeof bin === "string" ? bin : bin[name];
  if (script === undefined || !isRecent(version, versionsMin[name])) return null;
  return { name, version, program: join(dirname(manifest), script), parser: null };
}

function isRecent(version: string, [majorMin, minorMin]: readonly [number, number]): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > majorMin || (major === majorMin && minor >= minorMin);
}

/** Of the repository first, where it may come with `typescript-eslint` alone. */
function findParser(places: readonly string[]): string | null {
  for (const place of places) {
    const require = createRequire(place);
    const umbrella = resolved(require, "typescript-eslint");
    const found =
      resolved(require, "@typescript-eslint/parser") ??
      (umbrella === null ? null : resolved(createRequire(umbrella), "@typescript-eslint/parser"));
    if (found !== null) return found;
  }
  return null;
}

function resolved(require: NodeJS.Require, specifier: string): string | null {
  try {
    return require.resolve(specifier);
  } catch {
    return null;
  }
}
