import type { CheckedGate } from "../gates/checked-gate.ts";
import { runGate } from "../gates/run-gate.ts";
import { hashJson } from "../io/hash.ts";
import type { Verdict } from "../schema/verdict.ts";
import type { RunContext } from "./run-context.ts";

type Collect = (signal: AbortSignal) => unknown;

/** Runs one gate, writes its verdict with the evidence, and resolves with it. The evidence is redacted before it is hashed. */
export async function recordVerdict<Evidence>(
  run: Pick<RunContext, "journal" | "redactor" | "gateTimeoutMs" | "signal">,
  subject: string,
  gate: CheckedGate<Evidence>,
  collect: Collect,
): Promise<Verdict> {
  const { verdict, evidence } = await runGate(gate, async (signal) => run.redactor.json(await collect(signal)), {
    timeoutMs: run.gateTimeoutMs,
    hash: hashJson,
    signal: run.signal,
  });
  const event = ({ pass: "gate_passed", refuse: "gate_refused", ask: "gate_asked" } as const)[verdict.decision];
  await run.journal.note(event, { step_id: subject, verdict, evidence });
  return verdict;
}
