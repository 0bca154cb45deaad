import { expect, test } from "vitest";
import { createInOrder } from "./in-order.ts";

test("work is done in the order it was given, also after a failure, and each caller gets its own outcome", async () => {
  const inOrder = createInOrder();
  const done: string[] = [];
  const work = (name: string, delayMs: number) => async () => {
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    done.push(name);
    if (name === "b") throw new Error("b failed");
    return name;
  };
  const outcomes = await Promise.allSettled([inOrder(work("a", 20)), inOrder(work("b", 5)), inOrder(work("c", 0))]);
  expect(done).toEqual(["a", "b", "c"]);
  expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
});
