import type { ChangeWithPatch } from "./change-set.ts";
import type { Workspace } from "./create-workspace.ts";
import type { WorkspaceFiles } from "./workspace-files.ts";

/** A workspace that knows what its files are for as long as nobody else touches them. */
export interface RememberingWorkspace extends Workspace {
  /**
   * Must be called before and after a program works on the files, since what was known of them no longer holds. `lingers`: the program
   * may leave others behind that go on writing, so that from now on every question is asked anew.
   */
  disturb(lingers: boolean): void;
}

/**
 * Answers from memory what git would answer again: each look at the files takes three of its processes, and a run asks a dozen times
 * between two edits. All that changes the files goes through here, or is told by `disturb`.
 */
export function rememberTrees(workspace: Workspace): RememberingWorkspace {
  const memory = createMemory();
  const snapshot = () => memory.treeFrom(() => workspace.snapshot());
  return {
    ...workspace,
    files: tellEdits(workspace.files, memory.forget),
    snapshot,
    restore: async (tree) => {
      if (memory.isExactly(tree)) return;
      memory.forget();
      await memory.learn({ tree, isExact: true }, () => workspace.restore(tree));
    },
    putBack: async (tree) => {
      if (memory.is(tree)) return;
      memory.forget();
      await memory.learn({ tree, isExact: false }, () => workspace.putBack(tree));
    },
    changeSet: async (wanted) => {
      const tree = wanted ?? (await snapshot());
      return memory.changeOf(tree, () => workspace.changeSet(tree));
    },
    commit: (request) => {
      memory.forgetChange();
      return workspace.commit(request);
    },
    disturb: (lingers) => (lingers ? memory.end() : memory.forget()),
  };
}

/** The tree of the files; `isExact` where nothing lies beside it, not even what is ignored. */
interface Known {
  readonly tree: string;
  readonly isExact: boolean;
}

function createMemory() {
  let known: Known | null = null;
  let change: ChangeWithPatch | null = null;
  /** Counts what made the memory void, so that an answer that was on its way meanwhile is not kept. */
  let age = 0;
  let isOver = false;
  const forget = () => {
    known = null;
    age += 1;
  };
  const learn = async (found: Known, work: () => Promise<void>) => {
    const asked = age;
    await work();
    if (asked === age && !isOver) known = found;
  };
  return {
    forget,
    learn,
    forgetChange: () => {
      change = null;
    },
    end: () => {
      forget();
      isOver = true;
    },
    is: (tree: string) => known?.tree === tree,
    isExactly: (tree: string) => known?.tree === tree && known.isExact,
    treeFrom: async (look: () => Promise<string>) => {
      if (known !== null) return known.tree;
      const asked = age;
      const tree = await look();
      if (asked === age && !isOver) known = { tree, isExact: false };
      return tree;
    },
    changeOf: async (tree: string, read: () => Promise<ChangeWithPatch>) => {
      if (change?.change.tree === tree) return change;
      const found = await read();
      change = found;
      return found;
    },
  };
}

function tellEdits(files: WorkspaceFiles, forget: () => void): WorkspaceFiles {
  const telling =
    <Args extends unknown[], Result>(edit: (...args: Args) => Promise<Result>) =>
    (...args: Args) => {
      forget();
      return edit(...args);
    };
  return {
    ...files,
    write: telling(files.write),
    editExact: telling(files.editExact),
    applyUnifiedDiff: telling(files.applyUnifiedDiff),
    remove: telling(files.remove),
  };
}
