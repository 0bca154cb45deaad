import type {
  CheckReading,
  CommandPlan,
  DependencyNeed,
  LanguageAdapter,
  RepositoryReader,
} from "../../orchestrator/schema/adapter-port.ts";
import type { TestCase } from "../../orchestrator/schema/test-report.ts";
import { pathFrom, pathIn, scopeReader } from "./scope-reader.ts";

/**
 * The adapter of a project in the folder `root` of a repository, as an adapter of the whole repository: it reads that folder alone, its
 * commands run there, and every path that it gives or takes is relative to the repository. `.` gives the adapter itself.
 */
export function adapterAt(adapter: LanguageAdapter, root: string): LanguageAdapter {
  if (root === ".") return adapter;
  const inRoot = (reader: RepositoryReader) => scopeReader(reader, root);
  const textIn = (reader: Pick<RepositoryReader, "read">) => ({
    read: (path: string) => reader.read(pathIn(root, path)),
  });
  return {
    ...adapter,
    detect: async (repository) => {
      const detection = await adapter.detect(inRoot(repository));
      if (detection === null) return null;
      const evidence = detection.evidence.map((sentence) => `in ${root}: ${sentence}`);
      return { ...detection, evidence, roots: detection.roots.map((folder) => pathIn(root, folder)) };
    },
    dependencies: async (repository) => needAt(await adapter.dependencies(inRoot(repository)), root),
    compareInstalled: async (repository, lockFile) => {
      const path = pathFrom(root, lockFile);
      return path === null ? "unknown" : adapter.compareInstalled(inRoot(repository), path);
    },
    checkPaths: async (changed, before, after) => {
      const own = changed.flatMap((each) => {
        const path = pathFrom(root, each.path);
        return path === null ? [] : [{ ...each, path }];
      });
      const found = await adapter.checkPaths(own, textIn(before), textIn(after));
      return found.map((path) => pathIn(root, path));
    },
    plan: async (repository, goal, reportDir, purpose) => {
      const plan = await adapter.plan(inRoot(repository), goal, reportDir, purpose);
      return plan === null ? null : planAt(plan, root);
    },
    read: (plan, outcome, report) => readingAt(adapter.read(plan, outcome, report), root),
  };
}

function planAt(plan: CommandPlan, root: string): CommandPlan {
  return { ...plan, cwd: pathIn(root, plan.cwd) };
}

function needAt(need: DependencyNeed, root: string): DependencyNeed {
  return {
    ...need,
    lockFile: need.lockFile === null ? null : pathIn(root, need.lockFile),
    folders: need.folders.map((folder) => pathIn(root, folder)),
    install: need.install === null ? null : planAt(need.install, root),
  };
}

function readingAt(reading: CheckReading, root: string): CheckReading {
  const placed = (each: TestCase): TestCase => {
    const isOwn = each.file !== undefined && !each.file.startsWith("/") && !each.file.startsWith("..");
    return isOwn ? { ...each, file: pathIn(root, each.file ?? "") } : each;
  };
  return {
    ...reading,
    not_passed: reading.not_passed?.map(placed) ?? null,
    ...(reading.cases === undefined ? {} : { cases: reading.cases.map(placed) }),
  };
}
