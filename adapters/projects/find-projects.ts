import type {
  DependencyNeed,
  Project,
  ProjectSetUp,
  RepositoryReader,
} from "../../orchestrator/schema/adapter-port.ts";
import { adapterAt } from "./adapter-at.ts";
import { type DetectedProject, detectProjects, type OnUnreadable } from "./detect-projects.ts";

/**
 * The projects of a repository, the nearer to the root the earlier, and of those as near the configured first. Commands that are configured for
 * a root win over what would be detected there, and so does an adapter of the team's own. Rejects as `detectProjects`.
 */
export async function findProjects(
  { adapters, own, configured, isWanted }: ProjectSetUp,
  reader: RepositoryReader,
  onUnreadable: OnUnreadable = () => {},
): Promise<readonly Project[]> {
  const named = configured.map(({ root, adapter }) => ({ root, adapter: adapterAt(adapter, root) }));
  const detections = await Promise.all(named.map(({ adapter }) => adapter.detect(reader)));
  const chosen = named.flatMap((each, index): Project[] => {
    const detection = detections[index] ?? null;
    return detection === null ? [] : [{ ...each, detection }];
  });
  const all = await detectProjects(adapters, reader, (unreadable) => {
    if (isWanted(unreadable.root)) onUnreadable(unreadable);
  });
  const isBeaten = ({ adapter, root, confidence }: DetectedProject) =>
    !own.includes(adapter.id) &&
    all.some((other) => other.root === root && own.includes(other.adapter.id) && other.confidence >= confidence);
  const detected = all
    .filter((project) => !configured.some(({ root }) => root === project.root) && !isBeaten(project))
    .map(({ adapter, root, installedWith, ...rest }): Project => {
      const placed = adapterAt(adapter, root);
      const own = installedWith === null ? placed : { ...placed, dependencies: async () => neededBy(installedWith) };
      return { root, adapter: own, detection: { adapter: adapter.id, ...rest } };
    });
  const isDeeper = (one: Project, other: Project) => depthOf(one) - depthOf(other);
  return [...chosen, ...detected].filter(({ root }) => isWanted(root)).sort(isDeeper);
}

function depthOf({ root }: Project): number {
  return root === "." ? 0 : root.split("/").length;
}

function neededBy(root: string): DependencyNeed {
  const reason = `its packages are those of the workspace in ${root}`;
  return { needed: false, lockFile: null, folders: [], install: null, unsupported: null, reason };
}
