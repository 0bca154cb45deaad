import type { Solution } from "../schema/solution.ts";

const noteMax = 2_000;
const outputMax = 16_384;
const stepsMax = 2_000;
const titleMax = 300;
const detailMax = 4_096;
const verdictsMax = 1_000;
/** Of all details together: the results of an evaluation are one document at the end. */
const detailsMax = 262_144;

/** A solution as it is recorded: each text and list bounded, and the end of the output, where the reason of a failure stands. */
export function shortenSolution({ note, output, trajectory, verdicts, ...rest }: Solution): Solution {
  return {
    ...rest,
    note: cut(note, noteMax),
    ...(output === undefined ? {} : { output: output.slice(-outputMax) }),
    ...(verdicts === undefined ? {} : { verdicts: verdicts.slice(0, verdictsMax) }),
    ...(trajectory === undefined ? {} : { trajectory: shortenTrajectory(trajectory) }),
  };
}

function shortenTrajectory(steps: NonNullable<Solution["trajectory"]>): NonNullable<Solution["trajectory"]> {
  let left = detailsMax;
  return steps.slice(0, stepsMax).map(({ title, detail, ...rest }) => {
    const shown = detail === undefined ? undefined : cut(detail, Math.min(detailMax, left));
    left = Math.max(0, left - (shown?.length ?? 0));
    return { ...rest, title: cut(title, titleMax), ...(shown === undefined ? {} : { detail: shown }) };
  });
}

function cut(text: string, charactersMax: number): string {
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax)} [cut off]`;
}
