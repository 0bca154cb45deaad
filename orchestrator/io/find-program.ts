import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";

/** Where the programs of a repository are looked for: its own first, as npm has it. */
export function searchPath(root: string, path: string | undefined): string {
  return [join(root, "node_modules", ".bin"), path ?? ""].join(delimiter);
}

/** Why a program cannot be started in a folder, in one sentence; null where it is there. Starts nothing. */
export async function whyMissing(program: string, cwd: string, path: string): Promise<string | null> {
  const isFolder = await stat(cwd).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder) return `the folder ${cwd} does not exist`;
  const places = program.includes("/")
    ? [resolve(cwd, program)]
    : path
        .split(delimiter)
        .filter(isAbsolute)
        .map((folder) => join(folder, program));
  for (const place of places) if (await isProgram(place)) return null;
  return `there is no program ${program}${program.includes("/") ? "" : " in node_modules/.bin or on the PATH"}`;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
