import ignore, { type Ignore } from "ignore";

/** What the ignore files read so far say of a path. Paths are relative to the root, with `/`; a folder's ends in one. */
export interface IgnoreRules {
  isIgnored(path: string): boolean;
  /** These rules and those of a file in `folder` ("" for the root), which weigh more. */
  with(folder: string, text: string): IgnoreRules;
}

/** No rules at all. */
export const noRules: IgnoreRules = rulesOf(null);

function rulesOf(rules: Ignore | null): IgnoreRules {
  return {
    isIgnored: (path) => rules?.ignores(path) ?? false,
    with: (folder, text) => {
      const combined = ignore({ ignorecase: false });
      if (rules !== null) combined.add(rules);
      return rulesOf(combined.add(text.split("\n").map((line) => seenFromRoot(line.replace(/\r$/, ""), folder))));
    },
  };
}

/**
 * A line of a folder's ignore file as it would stand in the root's. One list for all folders decides as git does: the last line that
 * matches, from the root down.
 */
function seenFromRoot(line: string, folder: string): string {
  if (folder === "" || line.trim() === "" || line.startsWith("#")) return line;
  const [, bang = "", pattern = ""] = /^(!?)(.*)$/s.exec(line) ?? [];
  const prefix = folder.replaceAll(/[\\*?[\]!# ]/g, "\\$&");
  const isAnchored = /\/\s*\S/.test(pattern);
  return isAnchored ? `${bang}/${prefix}/${pattern.replace(/^\//, "")}` : `${bang}/${prefix}/**/${pattern}`;
}
