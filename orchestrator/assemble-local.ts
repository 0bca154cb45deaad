import { createDirectoryReader, detectStack } from "../adapters/index.ts";
import type { Assembly } from "./assembly.ts";
import { createSandbox } from "./io/sandbox.ts";
import { guardBeside } from "./pipeline/guard-program.ts";
import type { LocalExecutorParts } from "./pipeline/local-executor.ts";
import type { LanguageAdapter } from "./schema/adapter-port.ts";
import type { Sandbox } from "./schema/process-port.ts";

type LocalAssembly = Pick<Assembly, "environment" | "redactor" | "program"> & {
  /** The adapters that a commit of a repository configures, and ours. */
  readonly adaptersAt: (root: string, commit: string) => Promise<readonly LanguageAdapter[]>;
};

/** Reads which adapters there are from the configuration of a commit. */
export function committedAdapters({
  openAdapters,
  readPolicyConfig,
}: Pick<Assembly, "openAdapters" | "readPolicyConfig">): LocalAssembly["adaptersAt"] {
  return async (root, commit) => openAdapters((await readPolicyConfig(root, commit)).adapters);
}

/**
 * Makes what commands in a working copy are carried out with, from the concrete parts of this machine. All that it makes share one sandbox,
 * which is tried out at the first command that wants one.
 */
export function assembleLocal({
  environment,
  redactor,
  program,
  adaptersAt,
}: LocalAssembly): (
  place: Pick<LocalExecutorParts, "root" | "folder" | "policy">,
  commit: string,
) => LocalExecutorParts {
  let made: Promise<Sandbox> | null = null;
  const sandbox = () => {
    made ??= createSandbox({ redactor, environment });
    return made;
  };
  return (place, commit) => {
    const reader = createDirectoryReader(place.root);
    const detect = async () => (await detectStack(await adaptersAt(place.root, commit), reader))?.adapter ?? null;
    return { ...place, environment, redactor, sandbox, reader, detect, guard: guardBeside(program) };
  };
}
