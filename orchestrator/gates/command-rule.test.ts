import { expect, test } from "vitest";
import { isCommandAllowed } from "./command-rule.ts";
import { defaultPolicy } from "./default-policy.ts";

const policy = { commands: [["npm", "run"], ["node", "--test"], ["./scripts/check"]] };

test.each([
  [["npm", "run", "build"]],
  [["npm", "run"]],
  [["node", "--test", "a.test.js"]],
  [["./scripts/check", "-v"]],
])("the command %j is allowed", (argv) => {
  expect(isCommandAllowed(policy, argv)).toBe(true);
});

test.each([
  [[]],
  [["npm"]],
  [["npm", "install"]],
  [["npm run", "build"]],
  [["npm", "running"]],
  [["NPM", "run"]],
  [["./npm", "run"]],
  [["/usr/bin/npm", "run"]],
  [["sh", "-c", "npm run build"]],
  [["bash"]],
  [["env", "npm", "run"]],
  [["node", "-e", "0"]],
  [["scripts/check"]],
  [["npm", "run", "a\0b"]],
])("the command %j is refused", (argv) => {
  expect(isCommandAllowed(policy, argv)).toBe(false);
});

test("an empty list of commands allows none", () => {
  expect(isCommandAllowed({ commands: [] }, ["npm", "run"])).toBe(false);
});

test("by default scripts of the project may be run, and no shell", () => {
  expect(isCommandAllowed(defaultPolicy(), ["npm", "test"])).toBe(true);
  expect(isCommandAllowed(defaultPolicy(), ["sh", "-c", "npm test"])).toBe(false);
  expect(isCommandAllowed(defaultPolicy(), ["npx", "anything"])).toBe(false);
});
