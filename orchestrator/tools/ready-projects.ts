import type { DependencyNeed, LanguageAdapter, Project, RepositoryReader } from "../schema/adapter-port.ts";
import { labelAmong } from "../schema/checked-project.ts";
import { CheckGoal, type CheckResult } from "../schema/test-report.ts";

/** A project of a workspace, as the base has it. */
export interface ReadyProject {
  readonly root: string;
  readonly adapter: LanguageAdapter;
  readonly evidence: readonly string[];
  /** The goals of which it must have results. */
  readonly goals: readonly CheckGoal[];
  readonly need: DependencyNeed;
  /** What stands on its results. */
  readonly label: Pick<CheckResult, "root" | "adapter">;
}

/** What the files say of the projects now. */
export async function surveyProjects(
  projects: readonly Project[],
  reader: RepositoryReader,
  reports: string,
): Promise<readonly ReadyProject[]> {
  const placed = projects.map(({ root, adapter }) => ({ root, adapter: adapter.id }));
  const ready: ReadyProject[] = [];
  for (const { root, adapter, detection } of projects) {
    const goals = await goalsOf(adapter, reader, reports);
    ready.push({
      ...{ root, adapter, goals, evidence: detection.evidence },
      need: await adapter.dependencies(reader),
      label: labelAmong({ root, adapter: adapter.id }, placed),
    });
  }
  return ready;
}

async function goalsOf(adapter: LanguageAdapter, reader: RepositoryReader, reports: string): Promise<CheckGoal[]> {
  const goals: CheckGoal[] = [];
  for (const goal of CheckGoal.options) {
    if ((await adapter.plan(reader, goal, reports)) !== null) goals.push(goal);
  }
  return goals;
}

/** The projects of the base with those that a change brought; of a project, the goals of both: what a change takes away is still asked for. */
export function joinProjects(base: readonly ReadyProject[], now: readonly ReadyProject[]): readonly ReadyProject[] {
  const isSame = (one: ReadyProject, other: ReadyProject) =>
    one.root === other.root && one.adapter.id === other.adapter.id;
  const kept = base.map((each) => {
    const later = now.find((other) => isSame(each, other));
    if (later === undefined) return each;
    const goals = CheckGoal.options.filter((goal) => [...each.goals, ...later.goals].includes(goal));
    return { ...later, label: each.label, goals };
  });
  return [...kept, ...now.filter((each) => !base.some((other) => isSame(each, other)))];
}

/**
 * Does anything of the checks need the dependencies of a project? Those of the root always count; below it, those of a project without
 * checks only where one with checks lies in its folder, as the members of a workspace do.
 */
export function needsDependencies({ root }: Pick<ReadyProject, "root">, all: readonly ReadyProject[]): boolean {
  if (root === "." || all.length === 1) return true;
  return all.some((each) => each.goals.length > 0 && (each.root === root || each.root.startsWith(`${root}/`)));
}
