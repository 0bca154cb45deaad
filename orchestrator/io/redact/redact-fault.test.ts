import { inspect } from "node:util";
import { expect, test } from "vitest";
import { OrchestratorError } from "../../schema/errors.ts";
import { redactFault } from "./redact-fault.ts";
import { createRedactor } from "./redactor.ts";

const secret = "My-Own-Key-Value-123";
const redactor = createRedactor({ scanner: { scan: async () => [] } });
redactor.register("OPENAI_API_KEY", secret);

test("a fault keeps its code, and loses secrets in its message, its trace, its causes and what hangs on them", async () => {
  const request = Object.assign(new TypeError(`401 for ${secret}`), { headers: { authorization: secret } });
  const thrown = new OrchestratorError("model_refused", `the model refused ${secret}`, {
    cause: new Error(secret, { cause: request }),
  });
  const fault = await redactFault(redactor, thrown);
  expect(fault).toMatchObject({
    name: "OrchestratorError",
    code: "model_refused",
    retryable: false,
    message: "the model refused [redacted:OPENAI_API_KEY]",
    cause: { cause: { name: "TypeError", message: "401 for [redacted:OPENAI_API_KEY]" } },
  });
  expect(fault.stack).toContain("redact-fault.test.ts");
  expect(inspect(fault, { depth: 20 })).not.toContain(secret);
});

test("a bug keeps its name and its place, and what is no error becomes one", async () => {
  const bug = await redactFault(redactor, new RangeError(`no ${secret}`));
  expect(bug.stack).toMatch(/^RangeError: no \[redacted:OPENAI_API_KEY\]\n +at /);
  expect(bug.name).toBe("RangeError");
  expect((await redactFault(redactor, secret)).message).toBe("[redacted:OPENAI_API_KEY]");
});

test("causes that never end are cut off", async () => {
  const thrown = new OrchestratorError("disk_failed", "full");
  thrown.cause = thrown;
  expect(inspect(await redactFault(redactor, thrown), { depth: 30 }).match(/full/g)?.length).toBeLessThan(40);
});

test("where nothing can be checked, nothing but the code is told", async () => {
  const blind = {
    text: async () => {
      throw new Error("no rules");
    },
  };
  const fault = await redactFault(blind, new OrchestratorError("disk_failed", secret));
  expect(fault).toMatchObject({ code: "disk_failed", message: expect.stringContaining("could not be checked") });
  expect(inspect(fault)).not.toContain(secret);
  expect(await redactFault(blind, secret)).toMatchObject({ message: expect.stringContaining("could not be checked") });
});
