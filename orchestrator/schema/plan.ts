import { z } from "zod";
import { Glob, Slug } from "./primitives.ts";

/** One piece of work. Fields are nullable rather than optional, since models answer in strict JSON. */
export const PlanItem = z.strictObject({
  id: Slug,
  description: z.string().min(1),
  /** Ids of the acceptance criteria that this item serves. */
  criteria: z.array(z.string()),
  /** Paths or globs that the item may change. */
  paths: z.array(Glob).min(1),
  /** The pattern that does it, where one does. */
  pattern: z.string().nullable(),
  depends_on: z.array(z.string()),
});
export type PlanItem = z.infer<typeof PlanItem>;

/** How the task is done: items in a DAG. */
export const Plan = z.strictObject({
  summary: z.string().min(1),
  items: z.array(PlanItem).min(1).max(200),
});
export type Plan = z.infer<typeof Plan>;
