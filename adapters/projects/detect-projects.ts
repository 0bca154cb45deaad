import type { Detection, LanguageAdapter, RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import { isOrchestratorError, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { findMarkedFolders, type MarkedFolder } from "./find-marked-folders.ts";
import { findMembers, findWorkspaces, type IsMember } from "./find-members.ts";
import { pathFrom, pathIn, scopeReader } from "./scope-reader.ts";

/** A project of a repository: a folder, and one adapter whose stack it is of. Several may share a folder. */
export interface DetectedProject {
  readonly adapter: LanguageAdapter;
  /** Relative to the repository; `.` for its root. */
  readonly root: string;
  readonly confidence: number;
  /** Sentences; files are named relative to `root`. */
  readonly evidence: readonly string[];
  /** The folders that its commands take in, as its adapter tells them, relative to the repository. */
  readonly roots: readonly string[];
  /** The project with whose packages its own are installed, as a workspace of npm's that no command of that one takes in; else null. */
  readonly installedWith: string | null;
}

/** Folders in which projects are mostly material of tests and documents. */
const sampleNames =
  /(?:^|\/)(?:(?:__)?(?:test[-_]?)?fixtures?(?:__)?|examples?|samples?|demos?|test[-_]?data|templates?)(?:\/|$)/i;

/** A project below another one of its stack that an adapter is less sure of is a part of that: a `package.json` with a type alone. */
const sureOf = 0.8;

const projectsMax = 500;

/** Hears of a manifest below the root that cannot be read, so that its folder counts as no project. */
export type OnUnreadable = (unreadable: {
  readonly root: string;
  readonly adapter: string;
  readonly reason: string;
}) => void;

/**
 * Every project of a repository, the nearer to the root the earlier: each folder that an adapter knows by its files, without those that the
 * commands of a project of the same stack above it take in (workspaces, modules, subfolders). Fixtures and examples are projects
 * only where there are no others. Rejects with what the reader or an adapter throws, and `repository_unusable` for a tree too large to look through.
 */
export async function detectProjects(
  adapters: readonly LanguageAdapter[],
  reader: RepositoryReader,
  onUnreadable: OnUnreadable = () => {},
): Promise<readonly DetectedProject[]> {
  const folders = await findMarkedFolders(
    reader,
    adapters.flatMap(({ markers }) => markers ?? []),
  );
  const real = folders.filter(({ root }) => !sampleNames.test(root));
  const found = await projectsIn(adapters, reader, real, onUnreadable);
  if (found.length > 0 || real.length === folders.length) return found;
  return projectsIn(adapters, reader, folders, onUnreadable);
}

/** A project with what it takes in; what is taken in itself stands for more. */
interface Candidate extends DetectedProject {
  readonly isMember: IsMember | null;
  readonly isWorkspace: IsMember | null;
}

async function projectsIn(
  adapters: readonly LanguageAdapter[],
  reader: RepositoryReader,
  folders: readonly MarkedFolder[],
  onUnreadable: OnUnreadable,
): Promise<readonly DetectedProject[]> {
  const projects: DetectedProject[] = [];
  /** By adapter: all that was found, the parts of others as well, since a module has modules. */
  const above = new Map<string, Candidate[]>(adapters.map(({ id }) => [id, []]));
  for (const { root, listing } of folders) {
    const scoped = scopeReader(reader, root, listing);
    for (const { adapter, detection } of await detectAll(adapters, scoped, root, onUnreadable)) {
      const { confidence, evidence } = detection;
      const roots = detection.roots.map((folder) => pathIn(root, folder));
      const own = above.get(adapter.id) ?? [];
      const isPart = await isPartOf(own, root, confidence, scoped);
      const installedWith = await installedWithOf(own, root, scoped);
      const project = { adapter, root, confidence, evidence, roots, installedWith };
      const [isMember, isWorkspace] = await Promise.all([findMembers(scoped), findWorkspaces(scoped)]);
      own.push({ ...project, isMember, isWorkspace });
      if (!isPart) projects.push(project);
      if (projects.length > projectsMax) throw tooMany();
    }
  }
  return projects;
}

/** Where an adapter is sure of a folder, one that is not sees a tool of that project in it: a makefile that runs its checks. */
async function detectAll(
  adapters: readonly LanguageAdapter[],
  scoped: RepositoryReader,
  root: string,
  onUnreadable: OnUnreadable,
): Promise<readonly { readonly adapter: LanguageAdapter; readonly detection: Detection }[]> {
  const found: { readonly adapter: LanguageAdapter; readonly detection: Detection }[] = [];
  for (const adapter of adapters) {
    const detection = await detectIn(adapter, scoped, root, onUnreadable);
    if (detection !== null) found.push({ adapter, detection });
  }
  const isAnySure = found.some(({ detection }) => detection.confidence >= sureOf);
  return found.filter(({ detection }) => !isAnySure || detection.confidence >= sureOf);
}

/** Below the root, a manifest that cannot be read is mostly there to test a tool that reads such. */
async function detectIn(
  adapter: LanguageAdapter,
  scoped: RepositoryReader,
  root: string,
  onUnreadable: OnUnreadable,
): Promise<Detection | null> {
  try {
    return await adapter.detect(scoped);
  } catch (error) {
    if (root === "." || !isOrchestratorError(error, "document_invalid")) throw error;
    onUnreadable({ root, adapter: adapter.id, reason: error.message });
    return null;
  }
}

function tooMany(): OrchestratorError {
  const message = `there are more than ${projectsMax} projects that no other one takes in; name the folder of one`;
  return new OrchestratorError("repository_unusable", message);
}

async function isPartOf(
  above: readonly Candidate[],
  root: string,
  confidence: number,
  scoped: RepositoryReader,
): Promise<boolean> {
  for (const outer of above) {
    const folder = outer.root === root ? null : pathFrom(outer.root, root);
    if (folder === null) continue;
    if (outer.roots.includes(root) || confidence < sureOf) return true;
    if (outer.isMember !== null && (await outer.isMember(folder, scoped))) return true;
  }
  return false;
}

async function installedWithOf(
  above: readonly Candidate[],
  root: string,
  scoped: RepositoryReader,
): Promise<string | null> {
  for (const { root: outer, isWorkspace } of above) {
    const folder = outer === root ? null : pathFrom(outer, root);
    if (folder !== null && isWorkspace !== null && (await isWorkspace(folder, scoped))) return outer;
  }
  return null;
}
