import { z } from "zod";
import { ManifestCommand } from "../schema/pipeline.ts";
import type { Finding } from "../schema/verdict.ts";
import { type CheckedGate, decisionOf } from "./checked-gate.ts";

/** What the guardrails gate looks at: each command of the pipeline, at its end. */
export const GuardrailsEvidence = z.strictObject({
  commands: z
    .array(
      ManifestCommand.pick({ name: true, command: true, status: true, required: true, exit_code: true, summary: true }),
    )
    .min(1),
});
export type GuardrailsEvidence = z.infer<typeof GuardrailsEvidence>;

/**
 * Refuses a pipeline with a command that did not pass, or a required one that is missing or was skipped. A command without an end,
 * or one that claims to have passed with another exit code than 0, refuses as well.
 */
export const guardrailsGate: CheckedGate<GuardrailsEvidence> = {
  name: "guardrails",
  version: "1",
  evidence: GuardrailsEvidence,
  decide: ({ commands }) => decisionOf(commands.flatMap((command) => findingOf(command) ?? [])),
};

function findingOf({
  name,
  command,
  status,
  required,
  exit_code,
  summary,
}: GuardrailsEvidence["commands"][number]): Finding | null {
  const finding = (rule: string, message: string) => ({ rule: `guardrails/${rule}`, message });
  switch (status) {
    case "passed":
      return exit_code === 0
        ? null
        : finding("contradiction", `${name} claims to have passed with exit code ${exit_code}`);
    case "missing":
      return required
        ? finding("missing", `${name} is required and not there: ${summary}; see codex-orchestrator doctor`)
        : null;
    case "skipped":
      return required ? finding("skipped", `${name} is required and was ${summary}`) : null;
    case "pending":
    case "running":
      return finding("unfinished", `${name} has no end on record`);
    default:
      return finding(
        status.replace("_", "-"),
        `${name} ${status.replace("_", " ")} (${command.join(" ")}): ${summary}`,
      );
  }
}
