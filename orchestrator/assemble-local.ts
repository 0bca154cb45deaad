import { createDirectoryReader, detectAdapter } from "../adapters/index.ts";
import type { Assembly } from "./assembly.ts";
import { createSandbox } from "./io/sandbox.ts";
import { guardBeside } from "./pipeline/guard-program.ts";
import type { LocalExecutorParts } from "./pipeline/local-executor.ts";
import type { Sandbox } from "./schema/process-port.ts";

type LocalAssembly = Pick<Assembly, "environment" | "redactor" | "program" | "openAdapters" | "readPolicyConfig">;

/**
 * Makes what commands in a working copy are carried out with, from the concrete parts of this machine. All that it makes share one sandbox,
 * which is tried out at the first command that wants one. Which adapters there are is said by the configuration of a commit.
 */
export function assembleLocal({
  environment,
  redactor,
  program,
  openAdapters,
  readPolicyConfig,
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
    const detect = async () => {
      const { adapters } = await readPolicyConfig(place.root, commit);
      return (await detectAdapter(await openAdapters(adapters), reader))?.adapter ?? null;
    };
    return { ...place, environment, redactor, sandbox, reader, detect, guard: guardBeside(program) };
  };
}
