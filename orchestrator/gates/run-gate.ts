import { z } from "zod";
import { isOrchestratorError, messageOf, OrchestratorError } from "../schema/errors.ts";
import { Decision, type Finding, type GateName, type Verdict } from "../schema/verdict.ts";
import type { CheckedGate } from "./checked-gate.ts";

/** How a gate is run. */
export interface RunGateOptions {
  /** Milliseconds that collecting the evidence may take. */
  readonly timeoutMs: number;
  /** The sha256 of a value's canonical JSON, in hex. */
  readonly hash: (value: unknown) => string;
  readonly signal?: AbortSignal;
}

/** A gate's verdict with the evidence behind it, for keeping; null where there was none to judge. */
export interface GateRun<Evidence> {
  readonly verdict: Verdict;
  readonly evidence: Evidence | null;
}

/** Stands for the hash where there was no evidence. */
export const noEvidenceSha256 = "0".repeat(64);

const findingsMax = 200;
const messageCharactersMax = 4000;

/**
 * Collects the evidence, asks the gate and stamps its verdict. A collector or gate that throws or takes too long,
 * and evidence that does not fit, refuse with the rule `<gate>/no-evidence`. Throws only `aborted`, when `signal`
 * aborts.
 */
export async function runGate<Evidence>(
  gate: CheckedGate<Evidence>,
  collect: (signal: AbortSignal) => Promise<unknown> | unknown,
  options: RunGateOptions,
): Promise<GateRun<Evidence>> {
  try {
    const collected = await collectInTime(collect, options);
    const evidence = gate.evidence.parse(collected);
    const evidence_sha256 = options.hash(evidence);
    const decision = capFindings(Decision.parse(gate.decide(evidence)), gate.name);
    return { verdict: { gate: gate.name, version: gate.version, evidence_sha256, ...decision }, evidence };
  } catch (error) {
    if (options.signal?.aborted) throw aborted(gate.name, error);
    return { verdict: withoutEvidence(gate, error), evidence: null };
  }
}

function withoutEvidence<Evidence>({ name, version }: CheckedGate<Evidence>, error: unknown): Verdict {
  const reason =
    error instanceof z.ZodError ? `the evidence does not fit: ${z.prettifyError(error)}` : messageOf(error);
  const message = `the ${name} gate could not decide: ${reason}`;
  const findings = [shorten({ rule: `${name}/no-evidence`, message })];
  return { gate: name, version, evidence_sha256: noEvidenceSha256, decision: "refuse", findings };
}

/** Races the collector against its deadline and the caller's signal, both of which abort what it is given. */
function collectInTime(collect: (signal: AbortSignal) => unknown, options: RunGateOptions): Promise<unknown> {
  const { timeoutMs, signal } = options;
  signal?.throwIfAborted();
  const deadline = new AbortController();
  return new Promise((resolve, reject) => {
    const end = <Outcome>(settle: (outcome: Outcome) => void) => {
      return (outcome: Outcome) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        settle(outcome);
      };
    };
    const stop = end((reason: unknown) => {
      deadline.abort(reason);
      reject(reason);
    });
    const onAbort = () => stop(signal?.reason);
    const onTime = () => stop(new Error(`collecting the evidence took more than ${timeoutMs} ms`));
    const timer = setTimeout(onTime, timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    collectAsync(collect, deadline.signal).then(end(resolve), end(reject));
  });
}

async function collectAsync(collect: (signal: AbortSignal) => unknown, signal: AbortSignal): Promise<unknown> {
  return collect(signal);
}

function aborted(name: GateName, cause: unknown): OrchestratorError {
  if (isOrchestratorError(cause, "aborted")) return cause;
  return new OrchestratorError("aborted", `stopped while the ${name} gate was asked`, { cause });
}

function capFindings(decision: Decision, name: GateName): Decision {
  if (decision.decision === "pass" && decision.notes !== undefined)
    return { decision: "pass", notes: decision.notes.map((note) => note.slice(0, messageCharactersMax)) };
  if (decision.decision !== "refuse") return decision;
  const findings = decision.findings.map(shorten);
  if (findings.length <= findingsMax) return { decision: "refuse", findings };
  const kept = findings.slice(0, findingsMax - 1);
  const message = `${findings.length - kept.length} more findings are not listed`;
  return { decision: "refuse", findings: [...kept, { rule: `${name}/more`, message }] };
}

function shorten(finding: Finding): Finding {
  if (finding.message.length <= messageCharactersMax) return finding;
  return { ...finding, message: `${finding.message.slice(0, messageCharactersMax)}…` };
}
