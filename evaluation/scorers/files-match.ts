import { type Scorer, type Subject, verdict } from "../scorer.ts";

/** Each file that the target names has its text, or is gone, and no other file differs from the state before. */
export const filesMatch: Scorer = {
  id: "files-match",
  version: "1",
  kind: "verdict",
  score: async (subject) => {
    const files = subject.sample.target.files;
    if (files === undefined) return null;
    const problem = (await otherPath(subject, files)) ?? (await wrongFile(subject, files));
    return verdict(problem === null, problem ?? "every file is as the target has it");
  },
};

type Files = Readonly<Record<string, string | null>>;

async function otherPath({ changedPaths }: Subject, files: Files): Promise<string | null> {
  const other = changedPaths.find((path) => !Object.hasOwn(files, path));
  return other === undefined ? null : `${other} was changed, and the target has it as it was`;
}

async function wrongFile({ after }: Subject, files: Files): Promise<string | null> {
  for (const [path, text] of Object.entries(files)) {
    const found = await after(path);
    if (found !== text) return found === null ? `${path} is not there as a text` : `${path} has another text`;
  }
  return null;
}
