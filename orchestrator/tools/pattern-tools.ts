import { z } from "zod";
import { compileGlobs } from "../gates/glob.ts";
import { isOrchestratorError, OrchestratorError } from "../schema/errors.ts";
import type { PatternFinding, PatternLibrary } from "../schema/pattern-port.ts";
import type { WorkspaceFiles } from "../schema/workspace-port.ts";
import { type AgentTool, defineTool, okJson } from "./agent-tool.ts";
import { createEditGuard } from "./edit-guard.ts";
import { createPackageFacts } from "./package-facts.ts";
import type { ToolEnvironment } from "./tool-environment.ts";

const filesMax = 100_000;
const namedMax = 200;

const pattern = z.string().describe("a pattern id");
const paths = z.array(z.string().min(1)).min(1).max(100).describe("globs of the files to look at");

const MatchPatterns = z.strictObject({ goal: z.string().min(1).max(20_000) });
const OnePattern = z.strictObject({ pattern, paths });

/** Tools around the pattern library: find, apply, and ask what is left. They answer in JSON. */
export function patternTools(environment: ToolEnvironment): readonly AgentTool[] {
  const { patterns } = environment;
  return [
    defineTool({
      name: "match_patterns",
      description: "Finds patterns of the library that a goal in words asks for, best first.",
      parameters: MatchPatterns,
      run: async (args) =>
        okJson(patterns.match(args.goal).map(({ id, title, description }) => ({ id, title, description }))),
    }),
    defineTool({
      name: "apply_pattern",
      description:
        "Applies a pattern to the files that match, and says which changed and which were skipped, with the reason.",
      parameters: OnePattern,
      effect: "edit",
      run: async ({ pattern: id, paths: globs }) => ({
        ...okJson(await applyPattern(environment, id, globs)),
        pattern: patterns.identify(id),
      }),
    }),
    defineTool({
      name: "check_pattern",
      description: "Says what in the files that match is not as a pattern wants it.",
      parameters: OnePattern,
      run: async ({ pattern: id, paths: globs }) => ({
        ...okJson(await checkPattern(environment, id, globs)),
        pattern: patterns.identify(id),
      }),
    }),
  ];
}

async function applyPattern(environment: ToolEnvironment, id: string, globs: readonly string[]) {
  const { files } = environment.bench.workspace;
  const guard = createEditGuard(environment);
  const changed: string[] = [];
  const skipped: { path: string; reason: string }[] = [];
  const factsOf = createPackageFacts(files);
  for (const { path, text } of await candidates(environment.patterns, files, id, globs)) {
    const result = environment.patterns.transform(id, path, text, await factsOf(path));
    if (result.status === "skipped") skipped.push({ path, reason: result.reason });
    if (result.status !== "changed") continue;
    const refused = refusalOf(() => guard(path));
    if (refused !== null) skipped.push({ path, reason: refused });
    else {
      await files.write(path, result.after);
      changed.push(path);
    }
  }
  return {
    pattern: id,
    changed_count: changed.length,
    changed: changed.slice(0, namedMax),
    skipped: skipped.slice(0, namedMax),
  };
}

async function checkPattern(environment: ToolEnvironment, id: string, globs: readonly string[]) {
  const { files } = environment.bench.workspace;
  const guard = createEditGuard(environment);
  const found = await candidates(environment.patterns, files, id, globs);
  const factsOf = createPackageFacts(files);
  const findings: PatternFinding[] = [];
  for (const { path, text } of found) {
    if (refusalOf(() => guard(path)) === null)
      findings.push(...environment.patterns.check(id, path, text, await factsOf(path)));
  }
  return { pattern: id, findings_count: findings.length, findings: findings.slice(0, namedMax) };
}

/** Files that the globs name and that the pattern could touch. */
async function candidates(library: PatternLibrary, files: WorkspaceFiles, id: string, globs: readonly string[]) {
  if (!library.has(id)) throw new OrchestratorError("pattern_not_found", `there is no pattern '${id}'`);
  const isNamed = compileGlobs(globs);
  const { paths: all, more } = await files.list(null, filesMax);
  if (more) throw new OrchestratorError("edit_refused", `more than ${filesMax} files; narrow the paths`);
  const found: { path: string; text: string }[] = [];
  for (const path of all.filter(isNamed)) {
    const text = await readText(files, path);
    if (text !== null && library.isCandidate(id, path, text)) found.push({ path, text });
  }
  return found;
}

/** Null for what is no text, or too long to be source code. */
async function readText(files: WorkspaceFiles, path: string): Promise<string | null> {
  try {
    return await files.read(path);
  } catch (error) {
    if (isOrchestratorError(error, "path_refused")) return null;
    throw error;
  }
}

function refusalOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (isOrchestratorError(error, "path_refused")) return error.message;
    throw error;
  }
}
