import { createContext, Script } from "node:vm";

/** Calls a function and gives its result. */
export type BoundedCall = <T>(run: () => T) => T;

/**
 * Calls functions of one piece of foreign code, one at a time, and stops one that takes longer than `timeoutMs`. After that none is called any
 * more: each call throws at once, so that many files do not each wait for the same endless loop.
 */
export function createBoundedCall(timeoutMs: number): BoundedCall {
  const holder: { call: () => void } = { call: () => {} };
  const context = createContext(holder);
  const script = new Script("call()");
  let isStopped = false;
  return function call<T>(run: () => T): T {
    if (isStopped) throw new Error("it was stopped before, since it did not come to an end");
    const results: T[] = [];
    holder.call = () => void results.push(run());
    try {
      script.runInContext(context, { timeout: timeoutMs });
    } catch (error) {
      if (!isTimeout(error)) throw error;
      isStopped = true;
      throw new Error(`it did not come to an end within ${timeoutMs / 1000} s`, { cause: error });
    }
    for (const result of results) return result;
    throw new Error("it gave no result");
  };
}

/** The error is one of the context, whose `Error` is another one than ours. */
function isTimeout(error: unknown): boolean {
  return typeof error === "object" && error !== null && Reflect.get(error, "code") === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}
