const linesMax = 20;
const charactersMax = 1500;
const npmLine = /^npm (?:error|ERR!) ?/;

/** Why an installer failed, from what it printed: npm's error lines without its usage text, else the last lines. At most 20 lines. */
export function installerReason(output: string): string {
  const lines = output.split(/\r?\n/).map((line) => line.trimEnd());
  const errors = lines.filter((line) => npmLine.test(line)).map((line) => line.replace(npmLine, ""));
  const told = errors.length > 0 ? withoutUsage(errors).slice(0, linesMax) : lines.filter(isTold).slice(-linesMax);
  const text = told.join("\n");
  return text.length <= charactersMax ? text : `${text.slice(0, charactersMax)} …`;
}

/** The usage text begins with a paragraph that says what the command does, and goes on to the end. */
function withoutUsage(lines: readonly string[]): readonly string[] {
  const usage = lines.indexOf("Usage:");
  const before = usage === -1 ? lines : lines.slice(0, usage);
  const blank = before.findLastIndex((line, index) => line === "" && index < before.length - 2);
  return (usage === -1 || blank === -1 ? before : before.slice(0, blank)).filter(isTold);
}

function isTold(line: string): boolean {
  return line.trim() !== "" && !line.startsWith("A complete log of this run can be found in");
}
