import { expect, onTestFinished, test } from "vitest";
import { withoutListeners } from "./own-listeners.ts";

const names = ["SIGINT", "SIGTERM", "unhandledRejection", "beforeExit"] as const;
const listeners = () => names.map((name) => process.rawListeners(name));

test("the SDK's listeners are taken off again, and those that the host adds while it loads stay", async () => {
  const mine = () => {};
  onTestFinished(() => {
    process.removeListener("SIGTERM", mine);
    process.removeListener("beforeExit", mine);
  });
  const before = listeners();
  let during: readonly number[] = [];
  await withoutListeners(async () => {
    setImmediate(() => process.on("SIGTERM", mine));
    await import("@openai/agents-core");
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.once("beforeExit", mine);
    during = names.map((name) => process.listenerCount(name));
  });
  const [sigint, sigterm, unhandled, beforeExit] = before;
  expect(during).toEqual(before.map((each, index) => each.length + (index % 2 === 0 ? 1 : 2)));
  expect(listeners().map(({ length }) => length)).toEqual([
    sigint?.length,
    (sigterm?.length ?? 0) + 1,
    unhandled?.length,
    (beforeExit?.length ?? 0) + 1,
  ]);
  expect(process.listeners("SIGTERM")).toContain(mine);
  expect(process.listeners("beforeExit")).toContain(mine);
});

test("where loading fails, the host's listeners and its limit on traces are as they were", async () => {
  const before = listeners();
  const [limit, watchers] = [Error.stackTraceLimit, process.listenerCount("newListener")];
  const loading = withoutListeners(async () => {
    process.once("SIGINT", before.push);
    process.removeListener("SIGINT", before.push);
    throw new Error("not there");
  });
  await expect(loading).rejects.toThrow("not there");
  expect(listeners()).toEqual(before);
  expect(process.listenerCount("newListener")).toBe(watchers);
  expect(Error.stackTraceLimit).toBe(limit);
});
