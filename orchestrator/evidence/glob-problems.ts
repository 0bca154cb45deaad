import { globProblem } from "../gates/glob.ts";
import type { DocumentProblem } from "../io/documents/yaml-document.ts";

/** What is wrong with each glob of a list at a path of a document. */
export function globProblems(path: readonly PropertyKey[], globs: readonly string[] = []): DocumentProblem[] {
  return globs.flatMap((glob, index) => {
    const message = globProblem(glob);
    return message === null ? [] : [{ path: [...path, index], message }];
  });
}
