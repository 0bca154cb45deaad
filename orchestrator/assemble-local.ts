import { createDirectoryReader, findProjects } from "../adapters/index.ts";
import type { Assembly } from "./assembly.ts";
import { createSandbox } from "./io/sandbox.ts";
import { expandChecks } from "./pipeline/expand-checks.ts";
import { guardBeside } from "./pipeline/guard-program.ts";
import type { LocalExecutorParts } from "./pipeline/local-executor.ts";
import type { ProjectSetUp } from "./schema/adapter-port.ts";
import type { PipelineSpec } from "./schema/pipeline.ts";
import type { Sandbox } from "./schema/process-port.ts";

type LocalAssembly = Pick<Assembly, "environment" | "redactor" | "program"> & {
  /** What tells the projects, by what a commit of the repository configures. */
  readonly projectsAt: (root: string, commit: string) => Promise<ProjectSetUp>;
};

/** Reads what tells the projects from the configuration of a commit. */
export function committedProjects({
  openAdapters,
  readPolicyConfig,
}: Pick<Assembly, "openAdapters" | "readPolicyConfig">): LocalAssembly["projectsAt"] {
  return async (root, commit) => openAdapters(await readPolicyConfig(root, commit));
}

/** As `expandChecks`, with the projects of a working copy. */
export async function expandInProjects(
  pipeline: PipelineSpec,
  setUp: ProjectSetUp,
  root: string,
): Promise<PipelineSpec> {
  const reader = createDirectoryReader(root);
  return expandChecks(pipeline, await findProjects(setUp, reader), reader);
}

/**
 * Makes what commands in a working copy are carried out with, from the concrete parts of this machine. All that it makes share one sandbox,
 * which is tried out at the first command that wants one.
 */
export function assembleLocal({
  environment,
  redactor,
  program,
  projectsAt,
}: LocalAssembly): (
  place: Pick<LocalExecutorParts, "root" | "folder" | "policy">,
  commit: string,
) => LocalExecutorParts {
  let made: Promise<Sandbox> | null = null;
  const sandbox = () => {
    made ??= createSandbox({ redactor, environment });
    return made;
  };
  return (place, commit) => {
    const reader = createDirectoryReader(place.root);
    const projects = async () => findProjects(await projectsAt(place.root, commit), reader);
    return { ...place, environment, redactor, sandbox, reader, projects, guard: guardBeside(program) };
  };
}
