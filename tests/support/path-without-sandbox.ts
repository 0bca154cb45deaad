import { execFileSync } from "node:child_process";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";

/** A PATH with all that a run needs and no bubblewrap. */
export function pathWithoutSandbox(): string {
  const folder = temporaryFolder("bin");
  for (const program of ["node", "npm", "git", "sh", "env", "mkdir", "touch"]) {
    const place = execFileSync("/bin/sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
    symlinkSync(place, join(folder, program));
  }
  return folder;
}
