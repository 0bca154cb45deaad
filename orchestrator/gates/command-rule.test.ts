import { expect, test } from "vitest";
import { isCommandAllowed } from "./command-rule.ts";
import { defaultPolicy } from "./default-policy.ts";

const policy = { commands: [["npm", "run"], ["node", "--test"], ["./scripts/check"]] };

test.each([
  [["npm", "run", "build"]],
  [["npm", "run"]],
  [["node", "--test", "a.test.js"]],
  [["npm", "run", "test:unit"]],
  [["node", "--test", "test/größe und maß.test.js", "./src/**/*.test.{js,mjs}"]],
  [["node", "--test", "packages/@scope/a.test.js"]],
  [["./scripts/check", "."]],
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
  [["./scripts/check", "-v"]],
  [["node", "--test", "--import", "data:text/javascript,0"]],
  [["node", "--test", "a.test.js", "--import=./x.js"]],
  [["node", "--test", "data:text/javascript,0"]],
  [["node", "--test", "file:///etc/passwd"]],
  [["node", "--test", "/etc/passwd"]],
  [["node", "--test", "../outside.js"]],
  [["node", "--test", "src/../../outside.js"]],
  [["node", "--test", "C:\\outside.js"]],
  [["node", "--test", "~/outside.js"]],
  [["node", "--test", "@arguments"]],
  [["node", "--test", ""]],
  [["node", "--test", ".git/hooks/x.js"]],
  [["npm", "run", "build", "--prefix", "/elsewhere"]],
  [["npm", "run", "build", "--script-shell=./evil.sh"]],
  [["npm", "run", "--node-options=--import=./x.js", "build"]],
  [["npm", "run", "build", "--"]],
  [["npm", "run", "NODE_OPTIONS=x"]],
])("the command %j is refused", (argv) => {
  expect(isCommandAllowed(policy, argv)).toBe(false);
});

test("an option that is listed is allowed where it is listed, and nowhere else", () => {
  const listed = { commands: [["npm", "run", "build", "--", "--minify"]] };
  expect(isCommandAllowed(listed, ["npm", "run", "build", "--", "--minify"])).toBe(true);
  expect(isCommandAllowed(listed, ["npm", "run", "build", "--", "--minify", "src"])).toBe(true);
  expect(isCommandAllowed(listed, ["npm", "run", "build", "--", "--minify", "--watch"])).toBe(false);
  expect(isCommandAllowed(listed, ["npm", "run", "build"])).toBe(false);
});

test("an empty list of commands allows none", () => {
  expect(isCommandAllowed({ commands: [] }, ["npm", "run"])).toBe(false);
});

test("by default scripts of the project may be run, and no shell", () => {
  expect(isCommandAllowed(defaultPolicy(), ["npm", "test"])).toBe(true);
  expect(isCommandAllowed(defaultPolicy(), ["sh", "-c", "npm test"])).toBe(false);
  expect(isCommandAllowed(defaultPolicy(), ["npx", "anything"])).toBe(false);
});
