import { join } from "node:path";
import { assembleLocal, committedProjects } from "./assemble-local.ts";
import type { Assembly } from "./assembly.ts";
import { defaultPolicy } from "./gates/default-policy.ts";
import { meet } from "./gates/meet.ts";
import { systemClock } from "./io/clock.ts";
import { removeTree } from "./io/files.ts";
import { newId, randomHex } from "./io/ids.ts";
import { lineageVariable } from "./io/lineage.ts";
import { runTool } from "./mcp/run-tool.ts";
import { serveTools, type ToolService } from "./mcp/serve-tools.ts";
import { workingTools } from "./mcp/working-tools.ts";
import type { Policy } from "./schema/policy.ts";
import { inspectRepository } from "./workspace/inspect-repository.ts";
import { createWorkingCopy } from "./workspace/working-copy.ts";

type ToolAssembly = Pick<
  Assembly,
  "repository" | "environment" | "cacheDir" | "program" | "redactor" | "openAdapters" | "readPolicyConfig"
>;

/** How tools are served. */
export type ServeOptions = Pick<ToolService, "input" | "output" | "signal"> & {
  /** Lets `run` start any program, not only what the policy lets agents run. */
  readonly anyCommand: boolean;
};

/** Serves the tools of a working copy under the policy of its last commit, until the input ends. */
export async function serveRepositoryTools(assembly: ToolAssembly, options: ServeOptions): Promise<void> {
  const { redactor, cacheDir } = assembly;
  const { root, base_commit } = await inspectRepository(assembly.repository);
  const policy = meet(defaultPolicy(), (await assembly.readPolicyConfig(root, base_commit)).policy);
  const folder = join(cacheDir, "mcp-tools", newId(systemClock));
  const local = assembleLocal({ ...assembly, projectsAt: committedProjects(assembly) })(
    { root, folder, policy },
    base_commit,
  );
  const needs = await Promise.all((await local.projects()).map(({ adapter }) => adapter.dependencies(local.reader)));
  const folders = needs.flatMap((need) => need.folders);
  const lineage = lineageOf(assembly.environment, options);
  const run = runTool({ ...local, anyCommand: options.anyCommand, lineage });
  const others = workingTools(createWorkingCopy(root, folders), policy, lineage);
  const tools = options.anyCommand || mayRun(policy) ? [...others, run] : others;
  try {
    await serveTools({ ...options, tools, redactor });
  } finally {
    await removeTree(folder);
  }
}

/** A pipeline knows this server by its mark, so that what the server starts must carry it too. */
function lineageOf(environment: Assembly["environment"], { anyCommand }: ServeOptions): string {
  return (anyCommand ? environment[lineageVariable] : undefined) ?? randomHex(16);
}

function mayRun({ tools }: Policy): boolean {
  return tools === null || tools.includes("run_command") || tools.includes("run_check");
}
