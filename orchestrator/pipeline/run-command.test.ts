import fc from "fast-check";
import { expect, test } from "vitest";
import { PipelineCommand } from "../schema/pipeline.ts";
import { retryDelay } from "./run-command.ts";

test("the wait before a retry doubles, is halved by jitter at most, and ends at 30 seconds", () => {
  const failures = fc.record({
    failed: fc.nat(9),
    delay: fc.nat(30_000),
    random: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(failures, ({ failed, delay, random }) => {
      const command = PipelineCommand.parse({ name: "a", argv: ["true"], retries: 10, retry_delay_ms: delay });
      const full = Math.min(30_000, delay * 2 ** failed);
      const wait = retryDelay(command, failed, random) ?? -1;
      expect(wait).toBeGreaterThanOrEqual(Math.floor(full / 2));
      expect(wait).toBeLessThanOrEqual(full);
    }),
  );
});

test("there is no wait, and no retry, when the tries are used up", () => {
  const command = PipelineCommand.parse({ name: "a", argv: ["true"], retries: 2 });
  expect(retryDelay(command, 2, 0)).toBeNull();
});

test("a command that must run once cannot be declared safe to retry", () => {
  const parsed = PipelineCommand.safeParse({ name: "a", argv: ["true"], once: true, retries: 1 });
  expect(parsed.error?.issues[0]?.message).toBe("'once' and 'retries' exclude each other");
});
