import type { CaseOutcome } from "../../../orchestrator/schema/test-report.ts";
import type { JunitCase, JunitPart } from "./junit-document.ts";

/** The first part of the case with one of the names. */
export function partOf(element: JunitCase, ...names: readonly string[]): JunitPart | undefined {
  return element.parts.find(({ name }) => names.includes(name));
}

/** How a case ended, as all dialects tell it. A case with both a skip and a failure has failed, unless it is still to do. */
export function outcomeOf(element: JunitCase): CaseOutcome {
  const skipped = partOf(element, "skipped");
  if (skipped?.attributes["type"] === "todo") return "todo";
  const failed = partOf(element, "error") ?? partOf(element, "failure");
  if (failed !== undefined) return failureOutcome(failed);
  if (skipped !== undefined) return skipped.attributes["type"] === "pytest.xfail" ? "xfail" : "skipped";
  return attributeOutcome(element);
}

function failureOutcome(failed: JunitPart): CaseOutcome {
  const { type = "", message = "" } = failed.attributes;
  if (/timed?out/i.test(type) || /^test timed out\b/i.test(message)) return "timeout";
  return type === "cancelledByParent" || failed.name === "error" ? "error" : "failed";
}

function attributeOutcome({ attributes }: JunitCase): CaseOutcome {
  const told = (attributes["status"] ?? attributes["result"] ?? "").toLowerCase();
  if (attributes["failure"] !== undefined || told.startsWith("fail")) return "failed";
  if (told.startsWith("error")) return "error";
  return /^(?:notrun|skip|disabled|suppressed|pending)/.test(told) ? "skipped" : "passed";
}

/** Why a case did not pass, in the words of the report; empty where it has none. */
export function messageIn(element: JunitCase): string {
  const told = partOf(element, "failure", "error", "skipped");
  const message = told?.attributes["message"] ?? element.attributes["failure"] ?? "";
  // A skipped test without a reason says "true" in some dialects.
  if (message === "true") return "";
  const body = told?.text.trim() ?? "";
  return body.includes(message) ? body : [message, body].join("\n");
}
