import { z } from "zod";
import { CheckResult, PlanGoal, TestCase } from "../../orchestrator/schema/test-report.ts";

/** A path inside of the project. */
const Inside = z
  .string()
  .min(1)
  .max(1_000)
  .refine((path) => !path.startsWith("/") && !path.split(/[\\/]/).includes(".."), "a relative path without ..");
const Sentence = z.string().min(1).max(10_000);

const ForeignDetection = z.object({
  confidence: z.number().min(0).max(1),
  evidence: z.array(Sentence).min(1).max(100),
  roots: z.array(Inside).min(1).max(1_000),
});

const ForeignPlan = z.object({
  goal: z.enum(["install", ...PlanGoal.options]),
  argv: z.tuple([z.string().min(1)], z.string()),
  cwd: Inside,
  env: z.record(z.string(), z.string()),
  timeoutMs: z.number().int().positive().max(86_400_000),
  needsNetwork: z.boolean(),
  parallelSafe: z.boolean(),
  reportFile: z.string().startsWith("/").nullable(),
});

const ForeignNeed = z.object({
  needed: z.boolean(),
  lockFile: Inside.nullable(),
  folders: z.array(Inside.refine((path) => path !== ".", "a folder below the root")).max(100),
  install: ForeignPlan.nullable(),
  unsupported: Sentence.nullable(),
  reason: Sentence,
});

/** What each member of a team's adapter must answer. */
export const foreignAnswers = {
  detect: ForeignDetection.nullable(),
  dependencies: ForeignNeed,
  compareInstalled: z.enum(["same", "different", "unknown"]),
  checkPaths: z.array(z.string()),
  plan: ForeignPlan.nullable(),
  read: CheckResult.extend({ cases: z.array(TestCase).max(1_000_000).exactOptional() }),
} as const;
