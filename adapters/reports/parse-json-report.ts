import type { z } from "zod";
import { messageOf } from "../../orchestrator/schema/errors.ts";
import { type ReportReading, unusable } from "./report-reading.ts";

/** Parses a JSON report and hands it to `read`, or says why `title` is not usable. Never throws. */
export function parseJsonReport<T>(
  text: string,
  title: string,
  schema: z.ZodType<T>,
  read: (document: T) => ReportReading,
): ReportReading {
  try {
    const parsed = schema.safeParse(JSON.parse(text.replace(/^\uFEFF/, "")));
    if (parsed.success) return read(parsed.data);
    const [issue] = parsed.error.issues;
    return unusable(
      `the ${title} has another shape than expected at ${issue?.path.join(".") || "its root"}: ${issue?.message}`,
    );
  } catch (error) {
    return unusable(`the ${title} is not complete JSON: ${messageOf(error)}`);
  }
}
