import { join } from "node:path";
import { copyFolder } from "../../orchestrator/io/copy-folder.ts";
import { removeTree } from "../../orchestrator/io/files.ts";
import { randomHex } from "../../orchestrator/io/ids.ts";
import type { Solution } from "../schema/solution.ts";
import type { Subject } from "../scorer.ts";
import type { Attempt, Solver } from "../solver.ts";
import { changedBetween, snapshotFolder } from "./folder-snapshot.ts";
import { placeFixture, readTextInside } from "./place-fixture.ts";

/** What a subject is made of. */
export interface SolvedAttempt {
  readonly attempt: Attempt;
  readonly solver: Solver;
  readonly solution: Solution;
  readonly changedPaths: readonly string[];
  readonly durationMs: number;
  /** A folder for copies, and for the state that the sample began with. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** What a solver left, for scorers to look at. */
export function openSubject(solved: SolvedAttempt): Subject {
  const { attempt, solver, solution, changedPaths, durationMs, folder, signal } = solved;
  const { sample, epoch, root, machine } = attempt;
  const inFolder = async <T>(fill: (place: string) => Promise<unknown>, work: (place: string) => Promise<T>) => {
    const place = join(folder, `copy-${randomHex(4)}`);
    try {
      await fill(place);
      return await work(place);
    } finally {
      await removeTree(place);
    }
  };
  const { fixture } = sample;
  return {
    ...{ sample, epoch, solver, solution, root, changedPaths, durationMs, signal, machine },
    after: (path) => readTextInside(root, path),
    before: async (path) =>
      "folder" in fixture ? readTextInside(fixture.folder, path) : (fixture.files[path] ?? null),
    inBase: (work) => inFolder((place) => placeFixture(fixture, place), work),
    inCopy: (work) =>
      inFolder(
        (place) => copyFolder({ source: root, target: place, link: false, linkRoots: [root], leaveOut: [] }),
        work,
      ),
    solveAgain: async (place) => {
      const before = await snapshotFolder(place);
      await solver.solve({ ...attempt, root: place, signal });
      return changedBetween(before, await snapshotFolder(place));
    },
  };
}
