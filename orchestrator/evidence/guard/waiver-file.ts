import { z } from "zod";
import { isOpenGlob } from "../../gates/glob.ts";
import type { WaiverRecord } from "../../gates/guard/guard-evidence.ts";
import { type TextSource, yamlFault } from "../../io/documents/strict-yaml.ts";
import { type DocumentProblem, parseYamlDocument } from "../../io/documents/yaml-document.ts";
import { Glob, Slug } from "../../schema/primitives.ts";
import { globProblems } from "../glob-problems.ts";

/** `tasks/waivers/<id>.yaml`: an exception with an owner and an end. */
const Waiver = z.strictObject({
  id: Slug,
  owner: z.string().min(1).max(200),
  reason: z.string().min(10, "say why, in a sentence").max(2000),
  scope: z.array(Glob).min(1),
  expires: z.iso.date("a calendar day such as 2026-11-20"),
});

/** Reads a waiver. Throws `document_invalid` naming file, line and field. */
export function parseWaiver(text: string, file: string): Omit<Extract<WaiverRecord, { readable: true }>, "in_base"> {
  const source: TextSource = { file, code: "document_invalid" };
  if (!/\.ya?ml$/.test(file)) throw yamlFault(source, 1, "a waiver is a file that ends in .yaml");
  const waiver = parseYamlDocument(Waiver, text, source, ({ scope }) => scopeProblems(scope));
  return { readable: true, path: file, ...waiver };
}

/** An exception for everything would be the end of the rule. */
function scopeProblems(scope: readonly string[]): DocumentProblem[] {
  const broken = globProblems(["scope"], scope);
  if (broken.length > 0) return broken;
  return scope.flatMap((glob, index) =>
    isOpenGlob(glob)
      ? [
          {
            path: ["scope", index],
            message: `${glob} is bound to no folder or name; begin with one, such as src/retry/**`,
          },
        ]
      : [],
  );
}
