/** The words of one command of a script, without quotes. */
export type SimpleCommand = readonly string[];

const word =
  /(?!#)(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|`[^`]*`|\$\([^()]*\)|[0-9]*[<>]+&?|&>+|[^\s'"\\`;|&()<>$]|\$(?!\())+/y;
const gap = /[ \t]+/y;
const and = /&&/y;

/**
 * The commands of a script that is nothing but commands joined by `&&`, so that it fails when one of them does and an argument
 * appended to it reaches the last one. Null for any other script: pipes, `||`, `;`, background jobs, groups, comments, lines.
 */
export function splitScript(script: string): readonly SimpleCommand[] | null {
  const source = script.trim();
  const commands: string[][] = [[]];
  for (let position = 0; position < source.length; ) {
    const token = takeToken(source, position);
    if (token === null) return null;
    if (token.kind === "and") commands.push([]);
    else if (token.kind === "word") commands.at(-1)?.push(unquote(token.text));
    position += token.text.length;
  }
  return commands.every((words) => words.length > 0) ? commands : null;
}

function takeToken(source: string, position: number): { kind: "gap" | "and" | "word"; text: string } | null {
  for (const [kind, pattern] of [
    ["gap", gap],
    ["and", and],
    ["word", word],
  ] as const) {
    const sticky = new RegExp(pattern);
    sticky.lastIndex = position;
    const text = sticky.exec(source)?.[0];
    if (text !== undefined) return { kind, text };
  }
  return null;
}

function unquote(text: string): string {
  return text.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g, (_, single, double, escaped) =>
    String(single ?? (double === undefined ? escaped : String(double).replace(/\\(["\\$`])/g, "$1"))),
  );
}
