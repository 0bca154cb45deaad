import { OrchestratorError } from "../schema/errors.ts";

const token = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gy;
const shellSign = /[|&;<>`$(){}*?]|\n/;

/**
 * The words of a command line as a person writes it: quotes and backslashes as in a POSIX shell, and nothing else of one. Throws
 * `usage` for an unclosed quote, an empty line, and signs that only a shell understands.
 */
export function splitWords(line: string): readonly [string, ...string[]] {
  const words: string[] = [];
  let open = false;
  let end = 0;
  for (const match of line.matchAll(token)) {
    end = match.index + match[0].length;
    const [all, single, double, escaped, plain] = match;
    const text = single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped ?? plain;
    if (text === undefined) {
      open = false;
      continue;
    }
    if (plain !== undefined && shellSign.test(plain)) throw needsShell(line, all);
    words.push(open ? `${words.pop() ?? ""}${text}` : text);
    open = true;
  }
  if (end < line.length) throw new OrchestratorError("usage", `a quote is not closed in: ${line}`);
  const [program, ...args] = words;
  if (program === undefined || program === "")
    throw new OrchestratorError("usage", "a command is empty; name a program");
  return [program, ...args];
}

function needsShell(line: string, sign: string): OrchestratorError {
  const quoted = `sh -c '${line.replaceAll("'", "'\\''")}'`;
  return new OrchestratorError(
    "usage",
    `there is no shell, so "${sign}" cannot be understood; quote it, or write: ${quoted}`,
  );
}
