import type { CheckReading } from "../schema/adapter-port.ts";
import type { CommandCall } from "../schema/process-port.ts";
import type { CheckGoal } from "../schema/test-report.ts";
import type { Workspace } from "../workspace/create-workspace.ts";

/** Runs one of the repository's own commands on the files as they are; null where there is none. */
export type RunGoal = (goal: CheckGoal, call: CommandCall) => Promise<CheckReading | null>;

/** The files of a tree and what its own build made beside them, by the hash of that. */
interface Built {
  readonly tree: string;
  readonly others: string;
}

/**
 * Runs checks, each on exactly the files of the tree that would be committed: what a command left beside them is removed before.
 * Only what the tree's own build made from the same files may lie there too, so the build is run before another check where it has to
 * be. Afterwards the files are as before.
 */
export function createCheck(
  workspace: Pick<Workspace, "snapshot" | "restore" | "putBack" | "hashOthers">,
  runGoal: RunGoal,
): RunGoal {
  let built: Built | null = null;
  const build = async (tree: string, call: CommandCall) => {
    built = null;
    await workspace.restore(tree);
    const result = await runGoal("build", call);
    await workspace.putBack(tree);
    const others = result?.verdict === "passed" ? await workspace.hashOthers(tree) : null;
    if (others !== null) built = { tree, others };
    return result;
  };
  return async (goal, call) => {
    const tree = await workspace.snapshot();
    if (goal === "build") return build(tree, call);
    const isBuilt = built?.tree === tree && built.others === (await workspace.hashOthers(tree));
    if (!isBuilt) await build(tree, call);
    const result = await runGoal(goal, call);
    await workspace.putBack(tree);
    return result;
  };
}
