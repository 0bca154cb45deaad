// Builds repositories for the benchmark of spec-guard, each by one stream into git fast-import.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";

/** A repository with `files` files and `specs` specs, whose head changes `changed` files under one of the specs. */
export function makeGuardRepository(folder, { files, specs, changed }, specText) {
  mkdirSync(folder, { recursive: true });
  git(folder, ["init", "-q", "--bare"]);
  const parts = [];
  const file = (path, text) => parts.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  const commit = (branch, parent) =>
    parts.push(
      `commit refs/heads/${branch}\nmark :${parent + 1}\nauthor Bo <bo@example.invalid> 1763600000 +0000\ncommitter Bo <bo@example.invalid> 1763600000 +0000\ndata 0\n${parent === 0 ? "" : `from :${parent}\n`}`,
    );
  commit("base", 0);
  file("spec-guard.yaml", "version: 1\ncontrolled:\n  - paths: [src/**]\n");
  for (let index = 0; index < specs; index += 1) file(`tasks/specs/${index}.md`, specText(index));
  for (let index = 0; index < files; index += 1) file(pathOf(index, specs), `export const value = ${index};\n`);
  commit("head", 1);
  for (let index = 0; index < changed; index += 1)
    file(pathOf(index * specs, specs), `export const value = -${index};\n`);
  git(folder, ["fast-import", "--quiet"], parts.join(""));
}

/** Every `specs`-th file lies under the same spec. */
function pathOf(index, specs) {
  return `src/part-${index % specs}/file-${index}.ts`;
}

function git(folder, args, input) {
  const { status, stderr } = spawnSync("git", args, { cwd: folder, input, maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
}
