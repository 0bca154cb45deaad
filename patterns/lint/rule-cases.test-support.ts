/** What a rule must say of a text. */
export interface RuleCase {
  readonly code: string;
  /** Default `src/file.ts`. */
  readonly filename?: string;
  readonly options?: readonly [Readonly<Record<string, readonly string[]>>];
  /** Empty for a text in which nothing is found. */
  readonly errors: readonly RuleError[];
  /** The fixed text, or that of each pass of fixes; absent where nothing is fixed. */
  readonly output?: string | readonly string[];
}

interface RuleError {
  readonly messageId: string;
  readonly line?: number;
  readonly data?: Record<string, string>;
  readonly suggestions?: readonly { readonly messageId: string; readonly output: string }[];
}

const start =
  'import { createOrchestrator } from "codex-orchestrator";\nconst orchestrator = await createOrchestrator();\n';

function clean(code: string, more: Partial<RuleCase> = {}): RuleCase {
  return { code, errors: [], ...more };
}

function nodeProtocol(code: string, output: string, filename = "src/file.ts"): RuleCase {
  return { code, output, filename, errors: [{ messageId: "plain" }] };
}

const plain = { messageId: "plain" };

const nodeProtocolCases: readonly RuleCase[] = [
  nodeProtocol('import fs from "fs";', 'import fs from "node:fs";'),
  nodeProtocol("export * from 'fs/promises';", "export * from 'node:fs/promises';"),
  nodeProtocol('export { join } from "path";', 'export { join } from "node:path";'),
  nodeProtocol('await import("os");', 'await import("node:os");'),
  nodeProtocol('import fs = require("fs");', 'import fs = require("node:fs");', "src/file.cts"),
  nodeProtocol('type Stats = import("fs").Stats;', 'type Stats = import("node:fs").Stats;'),
  nodeProtocol('const fs = require("fs");', 'const fs = require("node:fs");', "src/file.cjs"),
  nodeProtocol(
    'declare const require: (name: string) => unknown;\nrequire("fs");',
    'declare const require: (name: string) => unknown;\nrequire("node:fs");',
  ),
  nodeProtocol('const { join } = require("path");', 'const { join } = require("node:path");', "src/file.js"),
  nodeProtocol(
    'import { createRequire as make } from "node:module";\nconst load = make(import.meta.url);\nload("fs");',
    'import { createRequire as make } from "node:module";\nconst load = make(import.meta.url);\nload("node:fs");',
  ),
  nodeProtocol(
    'import * as modules from "node:module";\nmodules.createRequire(import.meta.url);\nconst load = modules.createRequire(import.meta.url);\nload("fs");',
    'import * as modules from "node:module";\nmodules.createRequire(import.meta.url);\nconst load = modules.createRequire(import.meta.url);\nload("node:fs");',
  ),
  {
    code: '\uFEFFimport "fs";\r\nimport "os";\r\n',
    output: '\uFEFFimport "node:fs";\r\nimport "node:os";\r\n',
    errors: [plain, { ...plain, line: 2 }],
  },
  { code: "import '\\x66s';", errors: [{ messageId: "escaped" }] },
  {
    code: 'import "fs"; import "os";',
    output: 'import "node:fs"; import "os";',
    options: [{ ignore: ["os"] }],
    errors: [plain],
  },
  clean('import "node:fs"; import "./fs"; import "fs-extra"; import "test";'),
  clean('function f(require: (name: string) => unknown) { return require("fs"); }'),
  clean('require = (name) => name; require("fs");', { filename: "src/file.js" }),
  clean('with (loaders) { require("fs"); }', { filename: "src/file.js" }),
  clean('jest.mock("fs"); require.resolve("fs"); module.require("fs");', { filename: "src/file.js" }),
  clean('declare module "foreign" { import { Stats } from "fs"; export const stats: Stats; }'),
  clean('declare module "fs" { export const more: number; }'),
  clean("await import(`fs`); const name = 'fs'; await import(name);"),
];

const consoleError = { messageId: "console" };
const logger = 'import { logger } from "./logger.js";\n';

const preferLoggerCases: readonly RuleCase[] = [
  {
    code: `${logger}console.log("a", b);`,
    output: `${logger}logger.info("a", b);`,
    errors: [{ ...consoleError, line: 2 }],
  },
  {
    code: `${logger}console.info(1); console.warn(1); console.error(1); console.debug(1);`,
    output: `${logger}logger.info(1); logger.warn(1); logger.error(1); logger.debug(1);`,
    errors: [consoleError, consoleError, consoleError, consoleError],
  },
  {
    code: 'import { log as journal } from "./logger.js";\nconsole.error(error);',
    output: 'import { log as journal } from "./logger.js";\njournal.error(error);',
    options: [{ loggers: ["journal"] }],
    errors: [consoleError],
  },
  {
    code: "const logger = make();\nconsole.log(1);",
    errors: [
      { ...consoleError, suggestions: [{ messageId: "replace", output: "const logger = make();\nlogger.info(1);" }] },
    ],
  },
  { code: "console.log(1);", errors: [consoleError] },
  { code: 'import type { logger } from "./logger.js";\nconsole.log(1);', errors: [consoleError] },
  { code: 'console["log"](1);', errors: [consoleError] },
  { code: "globalThis.console.log(1);", errors: [consoleError] },
  { code: "const { log } = console;\nlog(1);", errors: [{ ...consoleError, line: 2 }] },
  { code: "const { error: fail } = globalThis.console;\nfail(1);", errors: [{ ...consoleError, line: 2 }] },
  { code: "const output = console;\noutput.warn(1);", errors: [{ ...consoleError, line: 2 }] },
  { code: 'import console from "node:console";\nconsole.log(1);', errors: [{ ...consoleError, line: 2 }] },
  { code: 'import { log } from "console";\nlog(1);', errors: [{ ...consoleError, line: 2 }] },
  { code: 'import * as terminal from "node:console";\nterminal.log(1);', errors: [{ ...consoleError, line: 2 }] },
  { code: 'require("console").log(1);', filename: "src/file.cjs", errors: [consoleError] },
  {
    code: "console.trace(1);",
    options: [{ methods: ["trace"] }],
    errors: [{ ...consoleError, data: { method: "trace" } }],
  },
  clean("console.log(); console.table(rows); console.time('a'); list.forEach(console.log);"),
  clean("function f(console: Output) { console.log(1); }"),
  clean("console = quiet; console.log(1);", { filename: "src/file.js" }),
  clean("let output = console; output = quiet; output.log(1);"),
  clean("console.log(1);", { options: [{ methods: ["warn"] }] }),
];

const ends = { messageId: "ends" };

const noProcessExitCases: readonly RuleCase[] = [
  {
    code: "export function fail() {\n  report();\n  process.exit(1);\n}",
    errors: [
      {
        ...ends,
        line: 3,
        suggestions: [
          { messageId: "exitCode", output: "export function fail() {\n  report();\n  process.exitCode = 1;\n}" },
        ],
      },
    ],
  },
  { code: "if (broken) process.exit(1);\nwork();", errors: [ends] },
  { code: "process.abort();", errors: [{ ...ends, data: { member: "abort" } }] },
  { code: "export const end = () => { globalThis.process.exit(); };", errors: [ends] },
  { code: 'import process from "node:process";\nif (broken) process.exit(1);', errors: [{ ...ends, line: 2 }] },
  { code: 'import { exit as stop } from "process";\nstop(1);', errors: [{ ...ends, line: 2 }] },
  { code: 'import * as host from "node:process";\nhost.exit(1);', errors: [{ ...ends, line: 2 }] },
  { code: "const { exit } = process;\nexit(1);", errors: [{ ...ends, line: 2 }] },
  {
    code: 'const { exit } = require("node:process");\nexit(1);',
    filename: "src/file.cjs",
    errors: [{ ...ends, line: 2 }],
  },
  { code: "work().catch(process.exit);", errors: [ends] },
  { code: 'if (broken) process["exit"](1);', errors: [ends] },
  { code: "if (broken) process.exit(1);", filename: "bin/file.ts", options: [{ programs: ["tools"] }], errors: [ends] },
  clean("process.exitCode = 1;"),
  clean("#!/usr/bin/env node\nprocess.exit(1);", { filename: "src/file.mjs" }),
  clean("process.exit(1);", { filename: "bin/file.ts" }),
  clean("process.exit(1);", { filename: "packages/a/cli/file.ts" }),
  clean("process.exit(1);", { filename: "src/cli.ts" }),
  clean("process.exit(1);", { filename: "tools/file.ts", options: [{ programs: ["tools"] }] }),
  clean("function stop(process: Child) { process.exit(1); }"),
  clean("const exit = () => {}; exit(); child.exit(1); app.process.exit(1);"),
];

const positional = { messageId: "positional" };

const structuredEventCases: readonly RuleCase[] = [
  { code: 'bus.emit("saved", id);', output: 'bus.emit({ type: "saved", payload: id });', errors: [positional] },
  { code: 'bus.emit("saved", payload);', output: 'bus.emit({ type: "saved", payload });', errors: [positional] },
  {
    code: "this.services.eventBus.emit('saved');",
    output: "this.services.eventBus.emit({ type: 'saved' });",
    errors: [positional],
  },
  {
    code: 'events.emit("a", events.emit("b", 1));',
    output: [
      'events.emit({ type: "a", payload: events.emit("b", 1) });',
      'events.emit({ type: "a", payload: events.emit({ type: "b", payload: 1 }) });',
    ],
    errors: [positional, positional],
  },
  {
    code: 'hub.emit("saved");',
    output: 'hub.emit({ type: "saved" });',
    options: [{ buses: ["hub"] }],
    errors: [positional],
  },
  {
    code: "const bus = make();\nfunction f() { bus.emit('a'); }",
    output: "const bus = make();\nfunction f() { bus.emit({ type: 'a' }); }",
    errors: [positional],
  },
  clean(
    'bus.emit({ type: "saved" }); bus.emit(name, 1); bus.emit(`saved`); bus.emit("a", 1, 2); bus.emit("a", ...rest);',
  ),
  {
    code: 'bus.emit("a", /* why */ (payload as A), // last\n);',
    output: 'bus.emit({ type: "a", /* why */ payload: (payload as A) }, // last\n);',
    errors: [positional],
  },
  { code: 'class A { #bus = make(); f() { this.#bus.emit(("a"), 1); } }', errors: [positional] },
  clean('emitter.emit("saved"); bus.on("saved", f); bus["emit"]("saved");'),
  clean('const bus = new EventEmitter();\nbus.emit("saved");'),
  clean('class A { bus = new TypedEmitter(); f() { this.bus.emit("saved"); } }'),
  clean('const bus = make();\nfunction f(bus: Other) { bus.emit("a"); }'),
  clean('bus.emit<Saved>("saved", id);'),
  clean('bus.emit("saved");', { options: [{ buses: ["hub"] }] }),
];

const secret = { messageId: "secret" };
const redact = 'import { redact } from "./redact.js";\n';

const noUnredactedLogCases: readonly RuleCase[] = [
  { code: "class A { #secret = 1; f() { logger.info(this.#secret); } }", errors: [secret] },
  { code: "logger.info(token);", errors: [{ ...secret, data: { name: "token" } }] },
  { code: 'console.log("password", user.password);', errors: [{ ...secret, data: { name: "password" } }] },
  { code: `log.warn(\`key \${options.apiKey}\`);`, errors: [{ ...secret, data: { name: "apiKey" } }] },
  { code: 'this.logger.debug("with " + request.headers["set-cookie"]);', errors: [secret] },
  { code: "logger.error({ user: { clientSecret: a.clientSecret } }, [b.refreshToken]);", errors: [secret, secret] },
  { code: "logger.info(process.env.GITHUB_TOKEN ?? 'none');", errors: [{ ...secret, data: { name: "GITHUB_TOKEN" } }] },
  { code: "logger.info(process.env);", errors: [{ ...secret, data: { name: "process.env" } }] },
  { code: "const { env } = process;\nlogger.info({ ...env });", errors: [{ ...secret, line: 2 }] },
  {
    code: "console.log(JSON.stringify(credentials)); process.stdout.write(String(idToken));",
    errors: [secret, secret],
  },
  {
    code: 'import { inspect } from "node:util";\nlogger.info(inspect(config.privateKey));',
    errors: [{ ...secret, line: 2 }],
  },
  {
    code: "const { log: say } = console;\nsay(verbose && password, anonymous ? null : jwt!);",
    errors: [secret, secret],
  },
  {
    code: `${redact}logger.info(token, { secret });`,
    errors: [
      { ...secret, suggestions: [{ messageId: "redact", output: `${redact}logger.info(redact(token), { secret });` }] },
      {
        ...secret,
        suggestions: [{ messageId: "redact", output: `${redact}logger.info(token, { secret: redact(secret) });` }],
      },
    ],
  },
  { code: "journal.info(pin);", options: [{ loggers: ["journal"], endings: ["pin"] }], errors: [secret] },
  clean("logger.info(redact(token), mask(user.password), hash(secret));"),
  clean("logger.info(token.length, !password, typeof secret, token === expected, tokens, tokenCount, passwordLength);"),
  clean('logger.info("token", { token: true, password: "[redacted]" });'),
  clean("logger.info(token ? 'set' : 'missing', keyword, monkey, key);"),
  clean("send(token); vault.info(token); logger.child({ token });"),
  clean("function f(console: Sink) { console.log(token); }"),
  clean("logger.info(csrfToken);", { options: [{ ignore: ["csrfToken"] }] }),
];

const startedRun = { messageId: "started" };
const droppedHandle = { messageId: "handle" };

const noFloatingRunCases: readonly RuleCase[] = [
  {
    code: `${start}orchestrator.run({ goal });`,
    errors: [
      {
        ...startedRun,
        line: 3,
        suggestions: [{ messageId: "wait", output: `${start}await (await orchestrator.run({ goal })).finished();` }],
      },
    ],
  },
  {
    code: `${start}await orchestrator.run({ goal });`,
    errors: [
      {
        ...droppedHandle,
        suggestions: [{ messageId: "wait", output: `${start}await (await orchestrator.run({ goal })).finished();` }],
      },
    ],
  },
  {
    code: `${start}const run = await orchestrator.resume("latest");\nrun.finished();`,
    errors: [
      {
        messageId: "finished",
        suggestions: [
          {
            messageId: "wait",
            output: `${start}const run = await orchestrator.resume("latest");\nawait run.finished();`,
          },
        ],
      },
    ],
  },
  {
    code: `${start}const run = await orchestrator.run({ goal });`,
    errors: [{ messageId: "unread", data: { name: "run" } }],
  },
  { code: `${start}function f() { orchestrator.run({ goal }); }`, errors: [startedRun] },
  { code: `${start}orchestrator.run({ goal }).catch(report);`, errors: [startedRun] },
  { code: `${start}wanted && orchestrator.run({ goal });`, errors: [startedRun] },
  {
    code: 'import * as library from "codex-orchestrator";\nconst { run: begin } = await library.createOrchestrator();\nfunction f() { begin({ goal }); }',
    errors: [{ ...startedRun, line: 3 }],
  },
  {
    code: 'const { openPipelines: open } = require("codex-orchestrator");\nasync function f() { const pipelines = await open(); pipelines.start({}).finally(end); }',
    filename: "src/file.cjs",
    errors: [{ ...startedRun, line: 2 }],
  },
  {
    code: 'import type { Orchestrator } from "codex-orchestrator";\nexport function f(runner: Orchestrator) { runner.run({ goal }); }',
    errors: [{ ...startedRun, line: 2 }],
  },
  {
    code: 'import type { RunHandle } from "codex-orchestrator";\nexport function f(run: RunHandle) { run.finished(); }',
    errors: [{ messageId: "finished", line: 2 }],
  },
  {
    code: 'import { createOrchestrator } from "#runs";\nfunction f() { return 1; }\n(await createOrchestrator()).run({});',
    options: [{ modules: ["#runs"] }],
    errors: [
      {
        ...startedRun,
        suggestions: [
          {
            messageId: "wait",
            output:
              'import { createOrchestrator } from "#runs";\nfunction f() { return 1; }\nawait (await (await createOrchestrator()).run({})).finished();',
          },
        ],
      },
    ],
  },
  clean(`${start}const run = await orchestrator.run({ goal });\nawait run.finished();`),
  clean(`${start}await (await orchestrator.run({ goal })).finished();`),
  clean(`${start}export const run = await orchestrator.run({ goal });`),
  clean(`${start}void orchestrator.run({ goal });\nkeep(orchestrator.run({ goal }));`),
  clean(`${start}orchestrator.run({ goal }).then((run) => run.finished());`),
  clean(
    `${start}const start = () => orchestrator.run({ goal });\nasync function f() { return orchestrator.run({ goal }); }`,
  ),
  clean(`${start}function f(orchestrator: Other) { orchestrator.run({ goal }); }`),
  clean('import { createOrchestrator } from "other";\nconst o = await createOrchestrator();\no.run({});'),
  clean("runner.run({}); run.finished();"),
];

/** For each rule of the plugin, texts that show what it finds and what it leaves alone. */
export const ruleCases: Readonly<Record<string, readonly RuleCase[]>> = {
  "no-floating-run": noFloatingRunCases,
  "no-process-exit-in-library": noProcessExitCases,
  "no-unredacted-log": noUnredactedLogCases,
  "node-protocol": nodeProtocolCases,
  "prefer-logger-over-console": preferLoggerCases,
  "structured-event": structuredEventCases,
};
