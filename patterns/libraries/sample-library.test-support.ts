import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Content, writeFiles } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";

/** A codemod as the text of a module's member: it puts `fresh` in place of the name `old`. */
export const renameOld = `{
  id: "rename-old",
  version: "1.2.0",
  title: "fresh for old",
  description: "Puts fresh in place of old.",
  keywords: ["fresh over old"],
  languages: ["javascript"],
  prefilter: (text) => text.includes("old"),
  scan: (source) => ({
    rewrites: source.nodesOfType("Identifier").filter(({ node }) => node.name === "old")
      .map(({ node: { start, end } }) => ({ at: start, reason: "old is gone", splices: [{ start, end, text: "fresh" }] })),
    refusals: [],
  }),
}`;

/** A library with one codemod, its helper in a second module, and fixtures. */
export const sampleLibrary: Readonly<Record<string, Content>> = {
  "index.mjs": `import { rename } from "./lib/rename.mjs";\nexport const codemods = [rename];\n`,
  "lib/rename.mjs": `export const rename = ${renameOld};\n`,
  "README.md": "# Ours\n",
  "fixtures/rename-old/call.before.js": "old();\n",
  "fixtures/rename-old/call.after.js": "fresh();\n",
  "fixtures/rename-old/text.same.js": "/*\nold();\n*/\n",
};

/** The same codemod with other members, as a whole library. */
export function libraryWith(members: string): Readonly<Record<string, Content>> {
  return { "index.mjs": `export default [{ ...${renameOld}, ${members} }];\n` };
}

/** A folder that goes when the test ends. */
export function folderWith(files: Readonly<Record<string, Content>>): string {
  const folder = mkdtempSync(join(tmpdir(), "library-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFiles(folder, { ...files });
  return folder;
}
