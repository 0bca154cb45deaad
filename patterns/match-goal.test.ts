import fc from "fast-check";
import { expect, test } from "vitest";
import { matchGoal } from "./match-goal.ts";
import { shippedCodemods, summaryOf } from "./pattern-library.ts";

const patterns = shippedCodemods().map(summaryOf);
const match = (goal: string) => matchGoal(goal, patterns).map(({ id }) => id);

test.each([
  "use the node: protocol for builtin imports",
  "Use the `node:` prefix everywhere.",
  "apply node-protocol",
  "Migrate all built-in imports to the node: protocol",
  "switch every require of a built-in module to the node: specifiers",
  "Prefix built-in modules with node:",
  "Please prefix the built-ins with `node:` in this repository",
  "Stop using bare imports and use the node: protocol",
  "Adopt node: imports; don't touch the tests",
  "Run the node-protocol codemod",
])("node-protocol is wanted by: %s", (goal) => {
  expect(match(goal)).toEqual(["node-protocol"]);
});

test.each([
  "replace console logging by the logger",
  "Replace console.log with the logger",
  "Replace all console.log calls with our logger.",
  "use the logger instead of console.log",
  "Prefer logger over console",
  "migrate console logs to the logger",
  "apply prefer-logger-over-console",
  "Convert console statements to logger calls",
  "log through the logger rather than the console",
  "Route console output through the logger",
])("prefer-logger-over-console is wanted by: %s", (goal) => {
  expect(match(goal)).toEqual(["prefer-logger-over-console"]);
});

test.each([
  "emit structured events on the bus",
  "Use structured events",
  "turn bus.emit calls into structured events",
  "apply structured-event-emit",
  "Migrate event emits to one structured object",
  "Replace bus.emit('name', payload) with structured events",
])("structured-event-emit is wanted by: %s", (goal) => {
  expect(match(goal)).toEqual(["structured-event-emit"]);
});

test.each([
  ["assert-strict", "Use strict assertions"],
  ["assert-strict", "Replace assert.equal with strictEqual in all tests"],
  ["assert-strict", "migrate the legacy assert module to assert/strict"],
  ["buffer-constructor", "Replace the deprecated Buffer constructor"],
  ["buffer-constructor", "replace new Buffer() by Buffer.from()"],
  ["buffer-constructor", "Use Buffer.from instead of new Buffer"],
  ["fs-deprecations", "Replace deprecated fs members"],
  ["fs-deprecations", "use fs.rm instead of fs.rmdir"],
  ["fs-promises", "Use fs promises"],
  ["fs-promises", "Use fs.promises instead of promisify"],
  ["object-spread", "Use the spread syntax instead of Object.assign"],
  ["object-spread", "convert Object.assign calls to object spread"],
  ["optional-chaining", "Use optional chaining"],
  ["optional-chaining", "turn null checks into optional chaining"],
  ["process-binding-removal", "Remove process.binding"],
  ["process-binding-removal", "replace process.binding() calls"],
  ["promise-all-settled", "Use Promise.allSettled"],
  ["promise-all-settled", "switch to Promise.allSettled instead of Promise.all"],
  ["require-to-import", "Replace require by import"],
  ["require-to-import", "Convert CommonJS to ES modules"],
  ["test-runner-mocha-to-vitest", "Migrate the tests from Mocha to Vitest"],
  ["test-runner-mocha-to-vitest", "use vitest instead of mocha"],
  ["zod-3-to-4", "Migrate from zod 3 to zod 4"],
  ["zod-3-to-4", "Upgrade Zod to version 4"],
  ["tls-deprecations", "Replace deprecated TLS APIs"],
  ["tls-deprecations", "replace secureProtocol by minVersion"],
  ["url-parse-to-whatwg", "Migrate url.parse to the WHATWG URL"],
  ["url-parse-to-whatwg", "use new URL() instead of url.parse()"],
  ["util-deprecations", "Replace the deprecated util functions"],
  ["util-deprecations", "replace util.isArray with Array.isArray"],
  ["util-deprecations", "Replace util._extend by Object.assign"],
])("%s is wanted by: %s", (id, goal) => {
  expect(match(goal)).toEqual([id]);
});

test.each([
  "make it faster",
  "",
  "fix the login page",
  "Upgrade to Node 22",
  "upgrade the node protocol buffers dependency",
  "implement the node discovery protocol",
  "write documentation about our protocol",
  "Add a prefix to all log lines",
  "import the CSV builtin by the vendor",
  "Remove the node: prefix from all imports",
  "drop the node: protocol again",
  "Do not use the node: protocol",
  "Explain why we use the node: protocol",
  "Revert node-protocol",
  "Add a logger to the admin console",
  "improve console logging colours in the CLI",
  "rename the logger module",
  "Replace the admin console's logger",
  "replace the logger by the console",
  "Don't replace console logging by the logger",
  "remove console.log statements",
  "keep console.log in the CLI",
  "log in with the console of the cloud provider",
  "Emit an invoice for every order",
  "export structured data as JSON",
  "Add a calendar event",
  "Make the event bus faster",
  "Add structured logging",
  "emit structured logs",
  "Fix the event emitter leak in the school bus tracker",
  "never emit structured events from tests",
  "Add strict validation of the assertion form",
  "Assert that the strict mode is on",
  "Don't use strict assertions",
  "Fix the buffer overflow in the constructor of the parser",
  "Buffer the output from the new server",
  "Implement a spread sheet export of objects",
  "Do not use object spread",
  "Make the chaining of tasks optional",
  "Add optional settings to the chain of promises",
  "Remove optional chaining",
  "Bind the process to one core",
  "Process the binding orders",
  "Promise that all invoices are settled",
  "Keep our promises to the fs team",
  "Require approval to import customers",
  "Import the orders that the audit requires",
  "Don't replace require with import",
  "Add vitest tests for the mocha coffee shop",
  "Make the mocha tests faster",
  "Validate the 3 forms with zod",
  "Add TLS to the server",
  "Upgrade the tls certificates",
  "Parse the URL of the webhook",
  "Add a util for arrays",
  "Deprecate the util module of our SDK",
  "explain url.parse",
  "console",
  "logger",
  "node",
  "require",
  "events",
])("nothing is wanted by: %s", (goal) => {
  expect(match(goal)).toEqual([]);
});

test("a goal that asks for several gets them all, the one it names most closely first", () => {
  expect(match("Replace console.log by the logger and use the node: protocol for builtin imports")).toHaveLength(2);
  expect(match("apply structured-event-emit, then use the node: protocol")).toEqual([
    "structured-event-emit",
    "node-protocol",
  ]);
  expect(match("node-protocol, prefer-logger-over-console and structured-event-emit")).toHaveLength(3);
});

test("a keyword that comes down to one word, or to none, matches nothing", () => {
  const vague = patterns.map((pattern) => ({ ...pattern, keywords: ["console", "the", "", "all of the files"] }));
  expect(matchGoal("clean all of the files of the console", vague)).toEqual([]);
});

test("a pattern is found by its own id, title and keywords", () => {
  for (const { id, title, keywords } of patterns) {
    expect(match(id)[0]).toBe(id);
    expect(match(title)).toContain(id);
    for (const keyword of keywords) expect(match(keyword)).toContain(id);
  }
});

test("the same goal has the same answer, whatever the order of the library, and no text breaks it", () => {
  const word = fc.constantFrom(
    "node:",
    "console",
    "logger",
    "replace",
    "bus.emit",
    "structured",
    "not",
    ".",
    "and",
    "’",
    "\n",
    "(",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string({ unit: "grapheme" })), { maxLength: 12 }), (words) => {
      const goal = words.join(" ");
      const backwards = matchGoal(goal, [...patterns].reverse()).map(({ id }) => id);
      expect(backwards).toEqual(match(goal));
    }),
    { numRuns: 300 },
  );
  expect(match("replace console ".repeat(100_000))).toEqual([]);
});
