import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan } from "../engine/codemod.ts";
import { resolveName } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { plainName } from "../engine/syntax.ts";
import { consoleLevels } from "./console-levels.ts";
import { noLogger, readLogger } from "./logger-binding.ts";
import { importLogger } from "./logger-import.ts";

/** What a team can set. */
export interface LoggerOptions {
  /**
   * The module that exports the project's `logger`, relative to the repository and with the extension that specifiers shall
   * have (`src/logger.js`). Files without a logger then import it; without this they are skipped. What the module itself loads
   * should be left out of the scope: in CommonJS it would get a logger that is not there yet.
   */
  readonly loggerModule?: string;
}

/**
 * Turns `console.log` into `logger.info`, and `console.info`, `warn`, `error` and `debug` into the logger's method of that name.
 * Arguments stay as they are, all of them: the logger must take several, and what a `%s` in the first one means is the logger's
 * affair, as is the value that the call returns.
 *
 * A call is changed where the name `logger` surely holds a logger: see `readLogger`. Elsewhere it is refused, with "no logger in
 * scope" where there is none. With `loggerModule`, a file without the name imports it.
 *
 * Left alone: other methods (`console.table`, `time`, …), a call without arguments (an empty line is no message), `console.log`
 * as a value or a callback, `console?.log`, `console["log"]`, `globalThis.console`, a `console` that the file declares or
 * assigns to.
 */
export function createPreferLoggerOverConsole(options: LoggerOptions = {}): Codemod {
  return {
    id: "prefer-logger-over-console",
    version: "1.0.0",
    title: "Log through the logger instead of the console",
    description:
      "Turns console.log, info, warn, error and debug into calls of the `logger` that the file has in scope.",
    keywords: [
      "replace console logger",
      "replace console log logger",
      "replace console output logger",
      "prefer logger console",
      "prefer logger over console",
      "logger over console",
      "logger over console log",
      "log logger over console",
      "route console logger",
      "route console log logger",
      "route console output logger",
      "use logger over console",
    ],
    languages: ["javascript", "typescript"],
    prefilter: (text) => /\bconsole\b/.test(text) && /\b(?:log|info|warn|error|debug)\b/.test(text),
    scan: (source) => scan(source, options),
  };
}

function scan(source: SourceFile, { loggerModule }: LoggerOptions): Scan {
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  const doubt = readLogger(source);
  const without: ConsoleCall[] = [];
  for (const call of consoleCalls(source)) {
    const reason = call.isCertain ? doubt(call.located) : "console may be shadowed by with or eval";
    if (reason === null) rewrites.push(rewriteOf(call, source.text));
    else if (reason === noLogger && loggerModule !== undefined) without.push(call);
    else refusals.push({ at: call.node.start, reason });
  }
  const first = without[0];
  if (first === undefined || loggerModule === undefined) return { rewrites, refusals };
  const imported = importLogger(source, loggerModule);
  if (!imported.ok) return { rewrites, refusals: [...refusals, { at: first.node.start, reason: imported.reason }] };
  return { rewrites: [imported.rewrite, ...without.map((call) => rewriteOf(call, source.text))], refusals };
}

interface ConsoleCall {
  readonly located: Located;
  readonly node: Extract<Node, { type: "CallExpression" }>;
  readonly callee: Extract<Node, { type: "MemberExpression" }>;
  readonly method: string;
  readonly level: string;
  readonly isCertain: boolean;
}

function consoleCalls(source: SourceFile): readonly ConsoleCall[] {
  if (source.assignedNames().has("console")) return [];
  return source.nodesOfType("CallExpression").flatMap((located) => {
    const { node, scope } = located;
    const { callee } = node;
    if (callee.type !== "MemberExpression" || callee.computed || callee.optional || node.optional) return [];
    if (plainName(callee.object) !== "console" || node.arguments.length === 0) return [];
    const method = plainName(callee.property) ?? "";
    const level = consoleLevels.get(method);
    const resolution = resolveName(scope, "console");
    if (level === undefined || resolution.kind === "bound") return [];
    return [{ located, node, callee, method, level, isCertain: resolution.kind === "free" }];
  });
}

/** Replaces the two names and keeps what stands between them. */
function rewriteOf({ node, callee, method, level }: ConsoleCall, text: string): Rewrite {
  const between = text.slice(callee.object.end, callee.property.start);
  return {
    at: node.start,
    reason: `console.${method} becomes logger.${level}`,
    splices: [{ start: callee.start, end: callee.end, text: `logger${between}${level}` }],
  };
}
