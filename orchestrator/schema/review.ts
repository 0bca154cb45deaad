import { z } from "zod";

/** One remark of a reviewer. Nullable rather than optional, since models answer in strict JSON. */
export const ReviewFinding = z.strictObject({
  rule: z.string().min(1),
  path: z.string().nullable(),
  line: z.number().int().positive().nullable(),
  message: z.string().min(1),
});
export type ReviewFinding = z.infer<typeof ReviewFinding>;

/** What the reviewer says of the change. */
export const Review = z.strictObject({
  decision: z.enum(["approve", "request_changes"]),
  summary: z.string().min(1),
  /** Ids of the acceptance criteria that the reviewer saw met. */
  criteria_met: z.array(z.string()),
  findings: z.array(ReviewFinding),
});
export type Review = z.infer<typeof Review>;
