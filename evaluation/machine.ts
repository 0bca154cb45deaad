import type { Clock } from "../orchestrator/io/clock.ts";
import type { AdapterBench } from "../orchestrator/schema/adapter-bench.ts";
import type { Redactor, Sandbox } from "../orchestrator/schema/process-port.ts";

/** What solvers and scorers may use of the machine. The parts that are costly to make are made when they are first asked for. */
export interface Machine {
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly environment: Readonly<Record<string, string | undefined>>;
  sandbox(): Promise<Sandbox>;
  adapters(): Promise<AdapterBench>;
}
