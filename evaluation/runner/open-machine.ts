import { openAdapterBench } from "../../orchestrator/index.ts";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { createRedactor } from "../../orchestrator/io/redact/redactor.ts";
import { registerEnvironment } from "../../orchestrator/io/redact/register-environment.ts";
import { createSandbox } from "../../orchestrator/io/sandbox.ts";
import { createSecretScanner } from "../../orchestrator/io/secret-scanner.ts";
import type { AdapterBench } from "../../orchestrator/schema/adapter-bench.ts";
import type { Machine } from "../machine.ts";

/** This machine, as solvers and scorers may use it. Values of the environment that look secret are redacted from every result. */
export async function openMachine(environment: Machine["environment"]): Promise<Machine> {
  const redactor = createRedactor({ scanner: await createSecretScanner() });
  registerEnvironment(redactor, environment);
  let sandbox: ReturnType<Machine["sandbox"]> | null = null;
  let adapters: Promise<AdapterBench> | null = null;
  return {
    ...{ clock: systemClock, redactor, environment },
    sandbox: () => {
      sandbox ??= createSandbox({ redactor, environment });
      return sandbox;
    },
    adapters: () => {
      adapters ??= openAdapterBench(environment);
      return adapters;
    },
  };
}
