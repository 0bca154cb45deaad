import { z } from "zod";
import { GrantableLimit } from "./budget.ts";
import { Sha256, Timestamp } from "./primitives.ts";

/** One reason for a refusal. */
export const Finding = z.strictObject({
  rule: z.string().min(1),
  message: z.string().min(1),
  path: z.string().optional(),
  line: z.number().int().positive().optional(),
});
export type Finding = z.infer<typeof Finding>;

export const GateName = z.enum(["spec", "plan", "scope", "secrets", "budget", "test", "review", "guardrails"]);
export type GateName = z.infer<typeof GateName>;

export const QuestionKind = z.enum(["plan_approval", "finish_approval", "stuck", "budget_spent"]);
export type QuestionKind = z.infer<typeof QuestionKind>;

/** What a run asks a person. It pins the sha256 of what is asked about, so an answer never covers something newer. */
export const Question = z.strictObject({
  id: z.string().min(1),
  kind: QuestionKind,
  text: z.string().min(1),
  subject: z.string().describe("what is asked about: a step id, or 'run'"),
  subject_sha256: Sha256,
  asked_at: Timestamp,
  limits: z
    .array(GrantableLimit)
    .optional()
    .describe("of a spent budget: an approval grants these limits once more, and no other"),
});
export type Question = z.infer<typeof Question>;

const notes = {
  notes: z
    .array(z.string().min(1))
    .max(20)
    .optional()
    .describe("what a reader should know of it; there where there is something"),
};

/** What a gate says before it is stamped with its name, version and evidence. */
export const Decision = z.discriminatedUnion("decision", [
  z.strictObject({ decision: z.literal("pass"), ...notes }),
  z.strictObject({ decision: z.literal("refuse"), findings: z.array(Finding).min(1) }),
  z.strictObject({ decision: z.literal("ask"), question: z.string().min(1) }),
]);
export type Decision = z.infer<typeof Decision>;

const stamp = { gate: GateName, version: z.string(), evidence_sha256: Sha256 };

/** What a gate said of which evidence. */
export const Verdict = z.discriminatedUnion("decision", [
  z.strictObject({ ...stamp, decision: z.literal("pass"), ...notes }),
  z.strictObject({ ...stamp, decision: z.literal("refuse"), findings: z.array(Finding).min(1) }),
  z.strictObject({ ...stamp, decision: z.literal("ask"), question: z.string().min(1) }),
]);
export type Verdict = z.infer<typeof Verdict>;
