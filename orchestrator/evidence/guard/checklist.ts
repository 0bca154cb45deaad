/** An item of a Markdown checklist. */
export interface ChecklistItem {
  /** From 1. */
  readonly line: number;
  readonly checked: boolean;
  /** The text after the box, without the link to evidence. */
  readonly text: string;
  /** Where the item's evidence lies, as written, and the hash that is pinned. */
  readonly link: { readonly target: string; readonly sha256: string | null } | null;
}

/** Marks of quotations and lists, nested ones as well, then the box. */
const itemLine = /^((?:[\s>]|(?:[-*+]|\d{1,9}[.)])(?=\s))*)\[([ xX])\](?:\s+(.*))?$/;
const listMark = /[-*+.)]\s/;
const fenceLine = /^(?:[\s>]|(?:[-*+]|\d{1,9}[.)])(?=\s))*(`{3,}|~{3,})/;
const plainFence = /^(`{3,}|~{3,})[^`]*$/;
const evidenceLink = /\s*\(?\[[^\]]*\]\(<?([^()\s<>]+\.json)>?(?:\s+["'](?:sha256:)?([0-9a-f]{64})["'])?\)\)?/i;

/**
 * The items of a Markdown text, those in fenced code left out. Lines are split as git splits them. Where a fence stands in
 * a list or a quotation, or there is HTML, readers differ in what is code, and every item counts.
 */
export function parseChecklist(markdown: string): ChecklistItem[] {
  const lines = markdown.split(/\r\n|\n|\r/);
  const isFenced = findFenced(lines);
  return lines.flatMap((raw, index) => {
    const [, marks = "", box, text = ""] = itemLine.exec(raw) ?? [];
    if (box === undefined || !listMark.test(marks) || isFenced(index)) return [];
    return [{ line: index + 1, checked: box !== " ", ...splitLink(text) }];
  });
}

/** Says of a line's index whether it lies between two plain fences. */
function findFenced(lines: readonly string[]): (index: number) => boolean {
  const isDoubtful = lines.some((line) => /^\s*</.test(line) || (fenceLine.test(line) && !plainFence.test(line)));
  const blocks: { from: number; to: number }[] = [];
  let open: { mark: string; from: number } | null = null;
  for (const [index, line] of isDoubtful ? [] : lines.entries()) {
    const mark: string | undefined = plainFence.exec(line)?.[1];
    if (mark === undefined) continue;
    if (open === null) open = { mark, from: index };
    else if (mark.startsWith(open.mark) && line.trim() === mark) {
      blocks.push({ from: open.from, to: index });
      open = null;
    }
  }
  return (index) => blocks.some(({ from, to }) => index > from && index < to);
}

function splitLink(text: string): Pick<ChecklistItem, "text" | "link"> {
  const found = evidenceLink.exec(text);
  if (found === null) return { text: text.trim(), link: null };
  const [whole, target = "", sha256] = found;
  return { text: text.replace(whole, "").trim(), link: { target, sha256: sha256?.toLowerCase() ?? null } };
}
