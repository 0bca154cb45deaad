import { createDirectoryReader, findProjects } from "../adapters/index.ts";
import type { Assembly } from "./assembly.ts";
import { createSandbox } from "./io/sandbox.ts";
import type { WorkbenchSource } from "./schema/workspace-port.ts";
import { createWorkbenchSource } from "./tools/open-workbench.ts";

/** What workbenches are assembled from. */
export type WorkbenchAssembly = Pick<
  Assembly,
  "repository" | "environment" | "cacheDir" | "redactor" | "scanner" | "openAdapters" | "readPolicyConfig"
>;

/** Private clones of one repository to work on. All share one sandbox, which is tried out when the first is opened. */
export function assembleWorkbenches({ repository: root, ...assembly }: WorkbenchAssembly): WorkbenchSource {
  let source: Promise<WorkbenchSource> | null = null;
  const create = async () => {
    const { cacheDir, environment, redactor, scanner } = assembly;
    return createWorkbenchSource({
      cacheDir,
      sandbox: await createSandbox({ redactor, environment }),
      scanner,
      environment,
      findProjects: async (reader, commit) =>
        findProjects(await assembly.openAdapters(await assembly.readPolicyConfig(root, commit)), reader),
      createReader: createDirectoryReader,
    });
  };
  const opened = () => {
    source ??= create();
    return source;
  };
  return {
    // A repository may have been moved since the run began: the one that this orchestrator is for is the one to work from.
    open: async ({ repository, ...request }) =>
      (await opened()).open({ ...request, repository: { ...repository, root } }),
    discard: async (runId) => (await opened()).discard(runId),
  };
}
