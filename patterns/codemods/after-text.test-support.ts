import type { Codemod } from "../engine/codemod.ts";
import { transformText } from "../engine/run-codemod.ts";

/** What a codemod makes of a text: the result, `unchanged`, or `skipped: ` with the reason. */
export function afterText(codemod: Codemod, text: string, path = "a.js"): string {
  const result = transformText(codemod, path, text);
  if (result.status === "skipped") return `skipped: ${result.reason}`;
  return result.status === "changed" ? result.after : "unchanged";
}
