import { expect, test } from "vitest";
import { errorCodes, OrchestratorError } from "../schema/errors.ts";
import { RunStatus } from "../schema/run-manifest.ts";
import { exitCodeOfFault, exitCodeOfStatus, faultExitCodes } from "./exit-code.ts";

test("every fault there is has an exit code of the contract, and never says that the answer is yes", () => {
  expect(Object.keys(faultExitCodes).sort()).toEqual(Object.keys(errorCodes).sort());
  for (const code of Object.values(faultExitCodes)) expect([1, 2, 3, 4]).toContain(code);
});

test.each([
  ["usage", 2],
  ["config_invalid", 2],
  ["run_damaged", 2],
  ["dependencies_unavailable", 2],
  ["run_held", 1],
  ["run_state_refused", 1],
  ["budget_spent", 3],
  ["disk_failed", 4],
  ["model_unreachable", 4],
  ["model_refused", 4],
  ["lease_lost", 4],
] as const)("%s exits %d", (code, exit) => {
  expect(exitCodeOfFault(new OrchestratorError(code, "x"), null)).toBe(exit);
});

test("after a stop signal every fault is the signal's", () => {
  expect(exitCodeOfFault(new OrchestratorError("aborted", "x"), "SIGINT")).toBe(130);
  expect(exitCodeOfFault(new OrchestratorError("git_failed", "git was killed with us"), "SIGTERM")).toBe(143);
});

test("a bug is a fault, never an answer", () => {
  expect(exitCodeOfFault(new TypeError("x"), null)).toBe(4);
  expect(exitCodeOfFault("thrown text", null)).toBe(4);
});

test("only a passed run exits 0", () => {
  const codes = Object.fromEntries(RunStatus.options.map((status) => [status, exitCodeOfStatus(status)]));
  expect(codes).toEqual({ passed: 0, refused: 1, cancelled: 1, blocked: 3, paused: 3, faulted: 4, running: 4 });
});
