import { z } from "zod";
import { messageOf } from "../../orchestrator/schema/errors.ts";
import { isFailing } from "../../orchestrator/schema/test-case.ts";
import type { TestCase } from "../../orchestrator/schema/test-report.ts";
import { type ReportReading, testCase, unusable } from "./report-reading.ts";

/** A line of the stream. Seconds and a line count from 0 and 1; `loose` are results of no test (`setUpClass`). */
const UnittestEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("start"), id: z.string() }),
  z.object({
    event: z.literal("end"),
    id: z.string(),
    outcome: z.enum(["passed", "failed", "error", "skipped", "xfail"]),
    seconds: z.number(),
    message: z.string(),
    file: z.string().nullable(),
    line: z.number().nullable(),
  }),
  z.object({ event: z.literal("complete"), told: z.number(), planned: z.number(), loose: z.number() }),
]);
type UnittestEvent = z.infer<typeof UnittestEvent>;
type EndOf<Name> = Extract<UnittestEvent, { event: Name }>;

/**
 * Reads the lines that the adapter's own runner of Python's unittest writes. Where the last line is missing, the test that began and
 * did not end has crashed; a stream that counts itself otherwise than it is, or left tests out, is refused.
 */
export function readPythonUnittest(text: string): ReportReading {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events: UnittestEvent[] = [];
  for (const [index, line] of lines.entries()) {
    const event = parseEvent(line);
    if (typeof event === "string") return unusable(`line ${index + 1} of the stream of unittest is no event: ${event}`);
    events.push(event);
  }
  const ends = events.filter((event) => event.event === "end");
  const cases = ends.map(caseOf);
  const last = events.at(-1);
  if (last?.event !== "complete") return interrupted(events, cases);
  const problem = problemOf(last, cases);
  return problem === undefined ? { usable: true, cases } : unusable(problem);
}

function parseEvent(line: string): UnittestEvent | string {
  try {
    const parsed = UnittestEvent.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : "it has another shape than expected";
  } catch (error) {
    return messageOf(error);
  }
}

function caseOf({ id, outcome, seconds, message, file, line }: EndOf<"end">): TestCase {
  return testCase({
    ...splitId(id),
    outcome,
    durationMs: seconds * 1000,
    message,
    file: file ?? undefined,
    line: line ?? undefined,
  });
}

/** `package.module.Class.test_name`, `setUpClass (package.module.Class)` or `unittest.loader._FailedTest.module`. */
function splitId(id: string): Pick<TestCase, "suite" | "name"> {
  const name = id.includes("(") ? id : (id.split(".").at(-1) ?? id);
  return { suite: name === id ? "" : id.slice(0, -name.length - 1), name };
}

function interrupted(events: readonly UnittestEvent[], cases: readonly TestCase[]): ReportReading {
  const last = events.at(-1);
  if (last?.event !== "start") return unusable("the stream of unittest was cut off");
  const message = "the test began and did not end: its process left or was ended";
  return { usable: true, cases: [...cases, testCase({ ...splitId(last.id), outcome: "crashed", message })] };
}

/** Tests of a class whose set-up fails or is skipped are not run, and what is told instead is no test. */
function problemOf({ told, planned, loose }: EndOf<"complete">, cases: readonly TestCase[]): string | undefined {
  if (told !== cases.length) return `the stream of unittest counts ${told} results, but holds ${cases.length}`;
  const isLeftEarly = told - loose < planned && loose === 0 && !cases.some(({ outcome }) => isFailing(outcome));
  return isLeftEarly ? `unittest left after ${told} of ${planned} tests` : undefined;
}
