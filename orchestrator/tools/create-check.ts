import type { CheckReading } from "../schema/adapter-port.ts";
import type { CommandCall } from "../schema/process-port.ts";
import type { CheckGoal } from "../schema/test-report.ts";
import type { Workspace } from "../workspace/create-workspace.ts";

/** A project, as far as its checks are concerned. */
export interface CheckedProject {
  /** Those for which it must have a command. */
  readonly goals: readonly CheckGoal[];
  /** Runs one of its commands on the files as they are; null where there is none and none must be. */
  run(goal: CheckGoal, call: CommandCall): Promise<CheckReading | null>;
}

/** The files of a tree and what its own builds made beside them, by the hash of that. */
interface Built {
  readonly tree: string;
  readonly others: string;
}

/**
 * Runs the checks of each project that has them, each on exactly the files of the tree that would be committed: what a command left beside
 * them is removed before. Only what the tree's own builds made from the same files may lie there too, so the projects are built before
 * another check where they have to be. Afterwards the files are as before.
 */
export function createCheck(
  workspace: Pick<Workspace, "snapshot" | "restore" | "putBack" | "hashOthers">,
  projects: readonly CheckedProject[],
): (goal: CheckGoal, call: CommandCall) => Promise<readonly CheckReading[]> {
  let built: Built | null = null;
  const build = async (tree: string, call: CommandCall) => {
    built = null;
    await workspace.restore(tree);
    const results: CheckReading[] = [];
    for (const project of projects) {
      const result = await project.run("build", call);
      await workspace.putBack(tree);
      if (result !== null) results.push(result);
    }
    const isGood = results.length > 0 && results.every(({ verdict }) => verdict === "passed");
    const others = isGood ? await workspace.hashOthers(tree) : null;
    if (others !== null) built = { tree, others };
    return results;
  };
  const checkOne = async (project: CheckedProject, goal: CheckGoal, tree: string, call: CommandCall) => {
    const isBuilt = built?.tree === tree && built.others === (await workspace.hashOthers(tree));
    if (!isBuilt) await build(tree, call);
    const result = await project.run(goal, call);
    await workspace.putBack(tree);
    return result;
  };
  return async (goal, call) => {
    const tree = await workspace.snapshot();
    if (goal === "build") return build(tree, call);
    const results: (CheckReading | null)[] = [];
    for (const project of projects)
      if (project.goals.includes(goal)) results.push(await checkOne(project, goal, tree, call));
    return results.filter((result) => result !== null);
  };
}
