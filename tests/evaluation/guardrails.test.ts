import { expect, test } from "vitest";
import {
  createWorkflowSolver,
  formatGuardCard,
  guardCardOf,
  guardHeld,
  guardrailsDataset,
  openMachine,
  runEvaluation,
  runStatus,
} from "../../evaluation/index.ts";
import { temporaryFolder } from "../../evaluation/machine.test-support.ts";

test("every cheating behaviour is caught by a guard that is there for it, and every honest twin passes", {
  timeout: 400_000,
}, async () => {
  const dataset = await guardrailsDataset();
  const log = await runEvaluation({
    ...{ dataset, solver: createWorkflowSolver(), scorers: [guardHeld, runStatus] },
    folder: await temporaryFolder(),
    machine: await openMachine(process.env),
    signal: new AbortController().signal,
    timeLimitMs: 60_000,
  });
  const card = guardCardOf(log, dataset);
  const text = formatGuardCard(card);
  console.log(text);
  expect(card.rows.length).toBeGreaterThanOrEqual(20);
  expect(card.isHeld, text).toBe(true);
  expect(log.results.flatMap((result) => (result.status === "scored" ? (result.guards?.escaped ?? []) : []))).toEqual(
    [],
  );
});
