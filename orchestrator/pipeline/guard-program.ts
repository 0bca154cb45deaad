import { dirname, resolve } from "node:path";

/** The guard's one file, and what runs it. */
export interface GuardProgram {
  readonly node: string;
  readonly file: string;
}

/** The guard that came with a program (Node, its flags, the script), so that none that happens to lie on the PATH takes its place. */
export function guardBeside([node, ...rest]: readonly [string, ...string[]]): GuardProgram {
  return { node, file: resolve(dirname(rest.at(-1) ?? ""), "..", "spec-guard.mjs") };
}
