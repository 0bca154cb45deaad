import { z } from "zod";
import { Budget } from "./budget.ts";
import { RepositoryPath, Scope, Slug } from "./primitives.ts";

/** One thing that must be true when the task is done. */
export const Criterion = z.strictObject({ id: Slug, text: z.string().min(1).max(2000) });
export type Criterion = z.infer<typeof Criterion>;

/** A gate at which a person is asked as well. */
export const ApprovalPoint = z.enum(["plan", "finish"]);
export type ApprovalPoint = z.infer<typeof ApprovalPoint>;

/** What is wanted: the front matter of `tasks/<id>-<slug>.md`, or what a bare goal was turned into. */
export const TaskSpec = z.strictObject({
  id: Slug,
  title: z.string().min(1).max(200),
  goal: z.string().min(1).max(20_000),
  acceptance_criteria: z.array(Criterion).min(1).max(100),
  scope: Scope,
  /** Mini-specs that cover the change, by path. */
  specs: z.array(RepositoryPath).default([]),
  /** Pattern ids that the recipe model applies, in this order; absent: it matches the goal. */
  recipe: z.array(z.string().min(1)).min(1).optional(),
  budget: Budget.default({}),
  approvals: z.array(ApprovalPoint).default([]),
});
export type TaskSpec = z.infer<typeof TaskSpec>;
