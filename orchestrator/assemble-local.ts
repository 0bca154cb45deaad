import { createAdapters, createDirectoryReader, detectStack } from "../adapters/index.ts";
import type { Assembly } from "./assembly.ts";
import { createSandbox } from "./io/sandbox.ts";
import { guardBeside } from "./pipeline/guard-program.ts";
import type { LocalExecutorParts } from "./pipeline/local-executor.ts";
import type { Sandbox } from "./schema/process-port.ts";

/**
 * Makes what commands in a working copy are carried out with, from the concrete parts of this machine. All that it makes share one sandbox,
 * which is tried out at the first command that wants one.
 */
export function assembleLocal({
  environment,
  redactor,
  program,
}: Pick<Assembly, "environment" | "redactor" | "program">): (
  place: Pick<LocalExecutorParts, "root" | "folder" | "policy">,
) => LocalExecutorParts {
  let made: Promise<Sandbox> | null = null;
  const sandbox = () => {
    made ??= createSandbox({ redactor, environment });
    return made;
  };
  return (place) => {
    const reader = createDirectoryReader(place.root);
    const detect = async () => (await detectStack(createAdapters(), reader))?.adapter ?? null;
    return { ...place, environment, redactor, sandbox, reader, detect, guard: guardBeside(program) };
  };
}
