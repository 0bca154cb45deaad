import { expect, test } from "vitest";
import { transformText } from "../engine/run-codemod.ts";
import { createPreferLoggerOverConsole, type LoggerOptions } from "./prefer-logger-over-console.ts";

function after(text: string, path = "src/a.js", options: LoggerOptions = {}): string {
  const result = transformText(createPreferLoggerOverConsole(options), path, text);
  if (result.status === "skipped") return `skipped: ${result.reason}`;
  return result.status === "changed" ? result.after : "unchanged";
}

const call = "console.log('x');";

test.each([
  ["a default import", "import logger from './l.js';"],
  ["a named import", "import { logger } from './l.js';"],
  ["a renamed import", "import { log as logger } from './l.js';"],
  ["a namespace import", "import * as logger from './l.js';"],
  ["a require", "const logger = require('./l');"],
  ["a member of a require", "var logger = require('./l').logger;"],
  ["a destructured require", "const { logger } = require('./l');"],
  ["a call of a require", "const logger = require('./l')('part');"],
  ["a call of an import", "import pino from 'pino'; const logger = pino();"],
  ["a new of an import", "import { Log } from 'l'; const logger = new Log('part');"],
  [
    "a child of another logger",
    "const root = require('l'); const parent = root.make(); const logger = parent.child();",
  ],
])("%s named logger takes the place of the console", (_, declaration) => {
  expect(after(`${declaration} ${call}`)).toBe(`${declaration} logger.info('x');`);
  expect(after(`${declaration} function f() { ${call} }`)).toBe(`${declaration} function f() { logger.info('x'); }`);
});

test("an import that comes later in the text is there all the same", () => {
  expect(after(`${call} import logger from './l.js';`)).toBe("logger.info('x'); import logger from './l.js';");
});

test.each(["log", "info", "warn", "error", "debug"])("console.%s keeps its arguments and finds its level", (method) => {
  const level = method === "log" ? "info" : method;
  const text = `import logger from './l.js'; console.${method}('%s', a, ...b, { c });`;
  expect(after(text)).toBe(`import logger from './l.js'; logger.${level}('%s', a, ...b, { c });`);
});

test("what stands between the two names is kept", () => {
  expect(after("import logger from 'l';\r\nconsole /* a */ . // b\r\n  log('x');")).toBe(
    "import logger from 'l';\r\nlogger /* a */ . // b\r\n  info('x');",
  );
});

test.each([
  ["no logger at all", call, "no logger in scope (line 1)"],
  ["a type", `import type { logger } from 'l'; ${call}`, "no logger in scope (line 1)"],
  ["a declared global", `declare const logger: any; ${call}`, "no logger in scope (line 1)"],
  ["a parameter", `function f(logger) { ${call} }`, "logger is a local name here, which may hold anything (line 1)"],
  [
    "a parameter over an import",
    `import logger from 'l'; (logger) => { ${call} }`,
    "logger is a local name here, which may hold anything (line 1)",
  ],
  ["declared only later", `${call} const logger = require('l');`, "logger is declared only after the call (line 1)"],
  [
    "its own value",
    `const logger = require('l')(() => { ${call} });`,
    "logger is declared only after the call (line 1)",
  ],
  [
    "made of the file's own code",
    `const logger = { info: String }; ${call}`,
    "the file makes the logger itself (line 1)",
  ],
  ["the console itself", `const logger = console; ${call}`, "the file makes the logger itself (line 1)"],
  ["a function", `function logger() {} ${call}`, "logger is neither imported nor a variable (line 1)"],
  ["a class", `class logger {} ${call}`, "logger is neither imported nor a variable (line 1)"],
  ["assigned to", `let logger = require('l'); logger = x; ${call}`, "logger is assigned to (line 1)"],
  ["declared twice", `var logger = require('l'); var logger; ${call}`, "logger is declared more than once (line 1)"],
  [
    "given its methods here",
    `import logger from 'l'; logger.info = (m) => { ${call} };`,
    "the file gives the logger its methods (line 1)",
  ],
  [
    "calling back",
    `import logger from 'l'; logger.on('error', () => { ${call} });`,
    "the call stands inside a call of the logger (line 1)",
  ],
  [
    "within reach of with",
    `var logger = require('l'); with (x) { ${call} }`,
    "console may be shadowed by with or eval (line 1)",
  ],
])("a logger that is %s is not used", (_, text, reason) => {
  expect(after(text, "src/a.ts")).toBe(`skipped: ${reason}`);
});

test("a function that may run before the logger is there keeps the console", () => {
  const reason = "skipped: what the logger is made of refers to code that comes later (line 1)";
  expect(after(`start(); const logger = require('l'); function start() { ${call} }`)).toBe(reason);
  expect(after(`const logger = require('l')(sink); function sink() { ${call} }`)).toBe(reason);
  expect(after(`const sink = () => late(); const logger = require('l')(sink); const late = () => { ${call} };`)).toBe(
    reason,
  );
  expect(after(`function a() { start(); } a(); const logger = require('l'); function start() { ${call} }`)).toBe(
    reason,
  );
  expect(after(`const logger = require('l'); start(); function start() { ${call} }`)).toContain("logger.info");
});

test.each([
  ["a console of the file's own", "import logger from 'l'; function f(console) { console.log(1); }"],
  ["a console that is assigned to", "import logger from 'l'; console = x; console.log(1);"],
  ["a value", "import logger from 'l'; x.then(console.log, console.error);"],
  ["no argument", "import logger from 'l'; console.log();"],
  ["another method", "import logger from 'l'; console.table(log); console.time('log');"],
  ["an optional call", "import logger from 'l'; console?.log(1); console.log?.(1);"],
  ["a computed member", "import logger from 'l'; console['log'](1);"],
  ["a member of something", "import logger from 'l'; window.console.log(1);"],
  ["a name with an escape", "import logger from 'l'; // console\nc\\u006fnsole.log(1);"],
])("%s is left alone", (_, text) => {
  expect(after(text)).toBe("unchanged");
});

const loggerModule = "src/lib/logger.js";

test.each([
  [
    "src/a.mjs",
    "import a from 'a';\nconsole.log(a);\n",
    "import a from 'a';\nimport { logger } from './lib/logger.js';\nlogger.info(a);\n",
  ],
  [
    "src/x/y/a.ts",
    '"use strict";\r\n\r\nimport "a";\r\nexport const b = console.warn(1);',
    '"use strict";\r\n\r\nimport "a";\r\nimport { logger } from "../../lib/logger.js";\r\nexport const b = logger.warn(1);',
  ],
  [
    "a.cjs",
    "#!/usr/bin/env node\n'use strict';\nconsole.log(1);\n",
    "#!/usr/bin/env node\n'use strict';\nconst { logger } = require('./src/lib/logger.js');\nlogger.info(1);\n",
  ],
  [
    "src/lib/a.js",
    'const a = require("a").b;\nconst c = require("c");\n\nfunction f() {\n  console.log(a, c);\n}\n',
    'const a = require("a").b;\nconst c = require("c");\nconst { logger } = require("./logger.js");\n\nfunction f() {\n  logger.info(a, c);\n}\n',
  ],
])("with the project's logger module, %s imports it", (path, before, expected) => {
  expect(after(before, path, { loggerModule })).toBe(expected);
});

test.each([
  [
    "src/lib/logger.js",
    "exports.logger = { info: (x) => console.log(x) };",
    "this is the logger module itself (line 1)",
  ],
  [
    "src/lib/logger.ts",
    "export const logger = { info: (x) => console.log(x) };",
    "the file makes the logger itself (line 1)",
  ],
  ["src/a.js", "console.log(1);", "neither an ES module nor CommonJS, by what the file shows (line 1)"],
  ["src/a.js", "require; console.log(logger);", "the file uses the name logger for something else (line 1)"],
  [
    "src/a.cjs",
    "// what f does\nfunction f() { console.log(1); }",
    "no clear place for the import of the logger (line 2)",
  ],
  ["src/a.mjs", "import 'a'; console.log(1);", "no clear place for the import of the logger (line 1)"],
])("with a logger module, %s with %s is skipped", (path, text, reason) => {
  expect(after(text, path, { loggerModule })).toBe(`skipped: ${reason}`);
});
