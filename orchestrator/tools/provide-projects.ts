import { sha256 } from "../io/hash.ts";
import type { RepositoryReader } from "../schema/adapter-port.ts";
import { isOrchestratorError, OrchestratorError } from "../schema/errors.ts";
import type { DependencySource } from "../schema/run-event.ts";
import {
  type DependencyRequest,
  type ProvidedDependencies,
  provideDependencies,
} from "../workspace/provide-dependencies.ts";
import { needsDependencies, type ReadyProject } from "./ready-projects.ts";

/** The dependencies of all projects of a workspace. */
export interface ProvidedProjects extends Pick<ProvidedDependencies, "folders" | "readOnly" | "writable"> {
  /** One for each project, in their order. */
  readonly sources: readonly DependencySource[];
}

/** What holds for every project alike. */
export type ProvisionPlace = Omit<DependencyRequest, "need" | "slot" | "otherFolders" | "compareInstalled"> & {
  readonly installed: RepositoryReader;
};

/**
 * A function that puts the dependencies of each project into the clone, and those that a command has changed anew. Rejects as
 * `provideDependencies`, naming the project.
 */
export function createProvider(
  projects: readonly ReadyProject[],
  place: ProvisionPlace,
): () => Promise<ProvidedProjects> {
  const provided = new Map<ReadyProject, ProvidedDependencies>();
  return async () => {
    for (const [index, project] of projects.entries()) {
      const before = provided.get(project);
      if (before !== undefined && (await before.isUntouched())) continue;
      provided.set(project, await provideOne(projects, project, index, place));
    }
    const all = [...provided.values()];
    return {
      sources: all.map(({ source }) => source),
      folders: all.flatMap(({ folders }) => folders),
      readOnly: all.flatMap(({ readOnly }) => readOnly),
      writable: all.flatMap(({ writable }) => writable),
    };
  };
}

async function provideOne(
  projects: readonly ReadyProject[],
  project: ReadyProject,
  index: number,
  { installed, ...place }: ProvisionPlace,
): Promise<ProvidedDependencies> {
  if (!needsDependencies(project, projects)) return notProvided;
  const { root, adapter, need } = project;
  try {
    return await provideDependencies({
      ...place,
      need,
      ...(index === 0 ? {} : { slot: sha256(JSON.stringify([root, adapter.id])).slice(0, 12) }),
      otherFolders: projects.flatMap((other) => (other === project ? [] : other.need.folders)),
      compareInstalled: (lockFile) => adapter.compareInstalled(installed, lockFile),
    });
  } catch (error) {
    if (root === "." || !isOrchestratorError(error, "dependencies_unavailable")) throw error;
    const remedy = "or name under 'projects' in orchestrator.config.yaml the projects that count";
    throw new OrchestratorError(error.code, `of the project in ${root}: ${error.message}; ${remedy}`, { cause: error });
  }
}

const notProvided: ProvidedDependencies = {
  source: {
    method: "none_needed",
    lock_file: null,
    lock_sha256: null,
    reason: "not provided: no build, lint or test command needs them",
  },
  folders: [],
  readOnly: [],
  writable: [],
  isUntouched: async () => true,
};
