import { displayWidth, padText, truncateText } from "./display-width.ts";

/** A label and what it says; a label that repeats is left out by giving "". */
export type Field = readonly [label: string, value: string];

/** Lines of at most `width` columns, broken at blanks; a longer word stays whole, so that it can be copied. */
export function wrapText(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): readonly string[] {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(" ").filter((each) => each !== "")) {
    const longer = current === "" ? `${indent}${word}` : `${current} ${word}`;
    if (current !== "" && displayWidth(longer) > width) {
      lines.push(current);
      current = `${indent}${word}`;
    } else current = longer;
  }
  return [...lines, current];
}

/** Text with every line set in by `indent` columns, wrapped so that all fits `width`. */
export function indentText(text: string, indent: number, width: number): string {
  const room = Math.max(20, width - indent);
  return wrapText(text, room)
    .map((line) => (line === "" ? "" : " ".repeat(indent) + line))
    .join("\n");
}

/** Fields below each other: labels in one column, values wrapped in the next. Fields with an empty value are left out. */
export function layFields(fields: readonly Field[], indent: number, width: number): string {
  const shown = fields.filter(([, value]) => value !== "");
  const column = indent + Math.max(0, ...shown.map(([label]) => displayWidth(label))) + 2;
  return shown
    .map(([label, value]) => {
      const head = padText(" ".repeat(indent) + label, column);
      return head + indentText(value, column, width).trimStart();
    })
    .join("\n");
}

/** Rows with aligned columns, two blanks between them. Where `width` is given, the last column is cut to fit it. */
export function layTable(rows: readonly (readonly string[])[], indent: number, width?: number): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(0, ...rows.filter((row) => column < row.length - 1).map((row) => displayWidth(row[column] ?? ""))),
  );
  return rows.map((row) => layRow(row, widths, indent, width)).join("\n");
}

function layRow(row: readonly string[], widths: readonly number[], indent: number, width: number | undefined): string {
  const last = row.length - 1;
  const before = row.slice(0, last).map((cell, column) => padText(cell, widths[column] ?? 0));
  const head = " ".repeat(indent) + before.map((cell) => `${cell}  `).join("");
  const tail = row[last] ?? "";
  const cut = width === undefined ? tail : truncateText(tail, Math.max(8, width - displayWidth(head)));
  return (head + cut).trimEnd();
}
