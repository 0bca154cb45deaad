import { expect, test } from "vitest";
import { z } from "zod";
import { hashJson } from "../io/hash.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { Decision } from "../schema/verdict.ts";
import { Verdict } from "../schema/verdict.ts";
import type { CheckedGate } from "./checked-gate.ts";
import { noEvidenceSha256, runGate } from "./run-gate.ts";

const Evidence = z.strictObject({ bad: z.number().int() });
type Evidence = z.infer<typeof Evidence>;

const gateThat = (decide: (evidence: Evidence) => Decision): CheckedGate<Evidence> => ({
  name: "scope",
  version: "7",
  evidence: Evidence,
  decide,
});

const strict = gateThat(({ bad }) => {
  const findings = Array.from({ length: bad }, (_, index) => ({ rule: "scope/bad", message: `number ${index}` }));
  return findings.length === 0 ? { decision: "pass" } : { decision: "refuse", findings };
});

const options = { timeoutMs: 5000, hash: hashJson };

test("a verdict names the gate, its version and the hash of the evidence, and the evidence comes with it", async () => {
  const { verdict, evidence } = await runGate(strict, async () => ({ bad: 0 }), options);
  expect(verdict).toEqual({ gate: "scope", version: "7", evidence_sha256: hashJson({ bad: 0 }), decision: "pass" });
  expect(evidence).toEqual({ bad: 0 });
});

test("a collector may answer at once", async () => {
  expect((await runGate(strict, () => ({ bad: 1 }), options)).verdict.decision).toBe("refuse");
});

test("a gate may ask", async () => {
  const asking = gateThat(() => ({ decision: "ask", question: "really?" }));
  expect((await runGate(asking, () => ({ bad: 1 }), options)).verdict).toMatchObject({
    decision: "ask",
    question: "really?",
  });
});

test.each<[string, CheckedGate<Evidence>, () => unknown, string]>([
  [
    "whose collector throws",
    strict,
    () => {
      throw new OrchestratorError("git_failed", "git is gone");
    },
    "git is gone",
  ],
  [
    "whose collector throws no error",
    strict,
    () => {
      throw "odd";
    },
    "odd",
  ],
  ["whose collector rejects", strict, () => Promise.reject(new Error("disk is gone")), "disk is gone"],
  ["whose collector brings nothing", strict, () => undefined, "the evidence does not fit"],
  ["whose collector brings something else", strict, () => ({ bad: "0" }), "expected number"],
  ["whose collector brings more than was asked", strict, () => ({ bad: 0, good: 1 }), "Unrecognized key"],
  [
    "that throws",
    gateThat(() => {
      throw new Error("broken rule");
    }),
    () => ({ bad: 0 }),
    "broken rule",
  ],
  [
    "that refuses without a finding",
    gateThat(() => ({ decision: "refuse", findings: [] })),
    () => ({ bad: 0 }),
    "findings",
  ],
])("a gate %s refuses for want of evidence", async (_, gate, collect, reason) => {
  const { verdict, evidence } = await runGate(gate, collect, options);
  expect(verdict).toEqual({
    gate: "scope",
    version: "7",
    evidence_sha256: noEvidenceSha256,
    decision: "refuse",
    findings: [{ rule: "scope/no-evidence", message: expect.stringContaining(reason) }],
  });
  expect(evidence).toBeNull();
  expect(Verdict.parse(verdict)).toEqual(verdict);
});

test("a hash that fails refuses", async () => {
  const hash = () => {
    throw new TypeError("no JSON");
  };
  expect((await runGate(strict, () => ({ bad: 0 }), { ...options, hash })).verdict.decision).toBe("refuse");
});

test("a collector that takes too long is told to stop, and the gate refuses", async () => {
  let stopped = false;
  const never = (signal: AbortSignal) =>
    new Promise(() => {
      signal.addEventListener("abort", () => {
        stopped = true;
      });
    });
  const { verdict } = await runGate(strict, never, { ...options, timeoutMs: 20 });
  expect(verdict).toMatchObject({ findings: [{ message: expect.stringContaining("more than 20 ms") }] });
  expect(stopped).toBe(true);
});

test("a collector that was stopped by the deadline says so, whatever it throws itself", async () => {
  const stoppable = (signal: AbortSignal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new OrchestratorError("aborted", "git was stopped")));
    });
  const { verdict } = await runGate(strict, stoppable, { ...options, timeoutMs: 20 });
  expect(verdict).toMatchObject({ findings: [{ message: expect.stringContaining("more than 20 ms") }] });
});

test("only an abort from outside is thrown", async () => {
  const controller = new AbortController();
  const collect = () => new Promise(() => controller.abort());
  await expect(runGate(strict, collect, { ...options, signal: controller.signal })).rejects.toMatchObject({
    code: "aborted",
  });
  let asked = false;
  const late = () => {
    asked = true;
  };
  await expect(runGate(strict, late, { ...options, signal: controller.signal })).rejects.toMatchObject({
    code: "aborted",
  });
  expect(asked).toBe(false);
});

test("200 findings are all listed; of more, the last one tells how many are not", async () => {
  const all = await runGate(strict, () => ({ bad: 200 }), options);
  expect(all.verdict).toMatchObject({ findings: { length: 200, 199: { rule: "scope/bad" } } });
  const most = await runGate(strict, () => ({ bad: 1000 }), options);
  expect(most.verdict).toMatchObject({
    findings: {
      length: 200,
      198: { message: "number 198" },
      199: { rule: "scope/more", message: "801 more findings are not listed" },
    },
  });
});

test("a message that is too long is cut", async () => {
  const wordy = gateThat(() => ({
    decision: "refuse",
    findings: [{ rule: "scope/bad", message: "x".repeat(10_000) }],
  }));
  const { verdict } = await runGate(wordy, () => ({ bad: 1 }), options);
  expect(verdict.decision === "refuse" && verdict.findings[0]?.message).toHaveLength(4001);
});
