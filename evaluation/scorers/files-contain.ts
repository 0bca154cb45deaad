import { type Scorer, verdict } from "../scorer.ts";

/** Each file that the target's `contains` names is there, with its text somewhere in it. */
export const filesContain: Scorer = {
  id: "files-contain",
  version: "1",
  kind: "verdict",
  score: async ({ sample, after }) => {
    const { contains = [] } = sample.target;
    for (const { path, text = "" } of contains) {
      const found = await after(path);
      if (found === null) return verdict(false, `${path} is not there as a text`);
      if (!found.includes(text)) return verdict(false, `${path} does not hold ${JSON.stringify(text.slice(0, 80))}`);
    }
    return contains.length === 0 ? null : verdict(true, "every file holds what it should");
  },
};
