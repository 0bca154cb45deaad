import fc from "fast-check";
import { expect, test } from "vitest";
import { createRecordedTask, createTask } from "./create-task.ts";
import { createRedactor } from "./io/redact/redactor.ts";
import { Slug } from "./schema/primitives.ts";

const secret = "Hunter2SecretValue";
const redactor = createRedactor({ scanner: { scan: async () => [] } });
redactor.register("DEPLOY_PASSWORD", secret);

test("the id of a goal is its first words and a hash, the same each time, and always the name of a folder", () => {
  expect(createTask({ goal: "Use Node: für alle" }).id).toMatch(/^goal-use-node-fu-r-alle-[0-9a-f]{6}$/);
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (goal) => {
      fc.pre(goal.trim() !== "");
      const { id } = createTask({ goal });
      expect(Slug.safeParse(id).success).toBe(true);
      expect(createTask({ goal }).id).toBe(id);
    }),
  );
});

test("a secret in a goal is in no part of its task, in no case of letters", async () => {
  const task = await createRecordedTask({ goal: `deploy with ${secret}` }, redactor);
  expect(task.goal).toBe("deploy with [redacted:DEPLOY_PASSWORD]");
  expect(JSON.stringify(task)).not.toMatch(/hunter2/i);
  expect(task.id).toMatch(/^goal-deploy-with-redacted-deploy-password-/);
});

test("the hash in an id is not that of the secret, which could be guessed at by it", async () => {
  const other = createRedactor({ scanner: { scan: async () => [] } });
  other.register("DEPLOY_PASSWORD", "another-value-entirely");
  const [one, two] = await Promise.all([
    createRecordedTask({ goal: `deploy ${secret}` }, redactor),
    createRecordedTask({ goal: "deploy another-value-entirely" }, other),
  ]);
  expect(one.id).toBe(two.id);
});

test("an id that is a secret is refused, saying why", async () => {
  await expect(createRecordedTask({ goal: "x", id: secret }, redactor)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/^(?!.*Hunter2).*id: .*a secret in it was replaced first/s),
  });
});

test("a task without a secret is taken as it is", async () => {
  const task = createTask({ goal: "use node:" });
  expect(await createRecordedTask(task, redactor)).toEqual(task);
});

test.each([null, 7, "do it", {}, { id: "x", title: "y" }, { goal: 7 }, { goal: "x", recipe: "node-protocol" }])(
  "what is neither a task spec nor a goal is refused, saying what it must be: %j",
  (wanted) => {
    const untyped = JSON.parse(JSON.stringify(wanted));
    const refusal = { code: "document_invalid", message: expect.stringContaining('nor { goal: "') };
    expect(() => createTask(untyped)).toThrow(expect.objectContaining(refusal));
  },
);
