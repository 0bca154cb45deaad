import { parseChecklist } from "./checklist.ts";

/** A task file whose open items were checked off. */
export interface CheckedOff {
  readonly text: string;
  readonly count: number;
}

/**
 * Checks off the open items of a Markdown text, each with a link to the same evidence; with `only`, the one item that has
 * this text, with or without the backslashes before marks of Markdown. Items in fenced code, and those that are checked already, stay as they are.
 */
export function checkOff(markdown: string, link: string, only?: string): CheckedOff {
  const open = parseChecklist(markdown).filter(
    ({ checked, text }) => !checked && (only === undefined || text === only || unescaped(text) === only),
  );
  const lines = new Set(open.map(({ line }) => line));
  const parts = markdown.split(/(\r\n|\n|\r)/);
  const text = parts
    .map((part, index) =>
      index % 2 === 0 && lines.has(index / 2 + 1) ? `${part.replace("[ ]", "[x]").trimEnd()} ${link}` : part,
    )
    .join("");
  return { text, count: open.length };
}

function unescaped(markdown: string): string {
  return markdown.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1");
}
