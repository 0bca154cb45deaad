import { createContext, Script } from "node:vm";
import { OrchestratorError } from "../schema/errors.ts";

/** Answers the indexes of the texts that match, in order. Throws `usage` where it takes longer than allowed. */
export type BoundedMatch = (texts: readonly string[]) => number[];

const source = `(() => {
  const found = [];
  for (let index = 0; index < texts.length; index += 1) if (pattern.test(texts[index])) found.push(index);
  return found;
})()`;

/** A matcher for a pattern that nobody has checked: one that backtracks for ever is stopped after `timeoutMs` for each call. */
export function createBoundedMatch(pattern: RegExp, timeoutMs = 1000): BoundedMatch {
  const script = new Script(source);
  // Without the flags that make a pattern remember where the last match ended.
  const subject: { pattern: RegExp; texts: readonly string[] } = {
    pattern: new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, "")),
    texts: [],
  };
  const context = createContext(subject);
  return (texts) => {
    subject.texts = texts;
    try {
      const found: unknown = script.runInContext(context, { timeout: timeoutMs });
      return Array.isArray(found) ? found.map(Number) : [];
    } catch (error) {
      if (!hasTimedOut(error)) throw error;
      const message = `the pattern ${pattern.source.slice(0, 200)} needs more than ${timeoutMs} ms; use a simpler one or plain text`;
      throw new OrchestratorError("usage", message, { cause: error });
    }
  };
}

/** The error is of the other context, so it is no instance of our `Error`. */
function hasTimedOut(error: unknown): boolean {
  return (
    typeof error === "object" && error !== null && "code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT"
  );
}

/** The regular expression that a person or a model wrote. Throws `usage` for what is none. */
export function parsePattern(text: string, flags: string): RegExp {
  if (text.length > 1000) throw new OrchestratorError("usage", "a search pattern has at most 1000 characters");
  try {
    return new RegExp(text, flags);
  } catch (error) {
    throw new OrchestratorError(
      "usage",
      `${JSON.stringify(text)} is no regular expression: ${String(error)}; or search for plain text`,
      { cause: error },
    );
  }
}
