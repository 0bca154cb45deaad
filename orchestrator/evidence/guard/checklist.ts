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
const itemLine = /^((?:[\s>]|(?:[-*+]|\d{1,9}[.)])(?=\s))*)\[([ xX])\](?:\s([\s\S]*))?$/;
const listMark = /[-*+.)]\s/;
/** An item whose text begins in the next line. */
const openItem = /^(?:[\s>]|(?:[-*+]|\d{1,9}[.)])(?=\s))*(?:[-*+]|\d{1,9}[.)])\s*$/;
const fenceLine = /^(?:[\s>]|(?:[-*+]|\d{1,9}[.)])(?=\s))*(`{3,}|~{3,})/;
const markupLine = /^\s*(?:[<{]|(?:import|export)\s)/;
const plainFence = /^(`{3,}|~{3,})[^`]*$/;

/**
 * The items of a Markdown text, those in fenced code left out. Lines are split as git splits them. Where a fence stands in
 * a list, a quotation or the front matter, where the front matter begins or ends in a way that not every reader takes for one, or there is
 * HTML or what MDX would run, readers differ in what is code, and every item counts. Takes time in proportion to the text.
 */
export function parseChecklist(markdown: string): ChecklistItem[] {
  const lines = markdown.split(/\r\n|\n|\r/);
  const fenced = findFenced(lines, frontMatterEnd(lines));
  return lines.flatMap((raw, index) => {
    const [, marks = "", box, text = ""] = itemLine.exec(raw) ?? [];
    if (box === undefined || fenced.has(index)) return [];
    if (!listMark.test(marks) && !openItem.test(lines[index - 1] ?? "")) return [];
    return [{ line: index + 1, checked: box !== " ", ...splitLink(text) }];
  });
}

/** The index of the first line after the front matter; 0 where there is none. */
export function frontMatterEnd(lines: readonly string[]): number {
  return firstOf(lines) === "---" ? lines.indexOf("---", 1) + 1 : 0;
}

function firstOf(lines: readonly string[]): string {
  return lines[0]?.replace(/^\uFEFF/, "") ?? "";
}

/** True where the first line, or the one that ends the front matter, is one that some readers take for a mark and others do not. */
function isFrontMatterDoubtful(lines: readonly string[]): boolean {
  const first = firstOf(lines);
  if (first !== "---") return /^\s*(?:---|\+\+\+|;;;)/.test(first);
  return lines.find((line, index) => index > 0 && /^\s*(?:---|\.\.\.)\s*$/.test(line)) !== "---";
}

/** The indexes of the lines that lie between two plain fences, from a line on. */
function findFenced(lines: readonly string[], from: number): ReadonlySet<number> {
  const isDoubtful =
    isFrontMatterDoubtful(lines) ||
    lines.some(
      (line, index) => markupLine.test(line) || (fenceLine.test(line) && (index < from || !plainFence.test(line))),
    );
  const fenced = new Set<number>();
  let open: { mark: string; at: number } | null = null;
  for (let index = isDoubtful ? lines.length : from; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const mark: string | undefined = plainFence.exec(line)?.[1];
    if (mark === undefined) continue;
    if (open === null) open = { mark, at: index };
    else if (mark.startsWith(open.mark) && /^[ \t]*$/.test(line.slice(mark.length))) {
      for (let inside = open.at + 1; inside < index; inside += 1) fenced.add(inside);
      open = null;
    }
  }
  return fenced;
}

const labelEnd = "](";
const linkTarget = /^<?([^()\s<>]{1,4096}\.json)>?(?:\s{1,9}["'](?:sha256:)?([0-9a-f]{64})["'])?\)\)?/i;
const linkCharactersMax = 4_300;

/** Takes the first link to a JSON file out of a text. Each character is looked at a bounded number of times. */
function splitLink(text: string): Pick<ChecklistItem, "text" | "link"> {
  let from = 0;
  for (let end = text.indexOf(labelEnd); end >= 0; end = text.indexOf(labelEnd, from)) {
    const label = text.slice(from, end).lastIndexOf("[");
    const start = from + label;
    const isClosed = text.slice(start, end).includes("]");
    from = end + 1;
    const after = end + labelEnd.length;
    const found = label < 0 || isClosed ? null : linkTarget.exec(text.slice(after, after + linkCharactersMax));
    if (found === null) continue;
    const [whole, target = "", sha256] = found;
    const before = text.slice(0, start).trimEnd();
    const kept = before.endsWith("(") ? before.slice(0, -1).trimEnd() : before;
    return {
      text: `${kept}${text.slice(after + whole.length)}`.trim(),
      link: { target, sha256: sha256?.toLowerCase() ?? null },
    };
  }
  return { text: text.trim(), link: null };
}
