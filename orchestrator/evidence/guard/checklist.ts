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

const itemLine = /^[\s>]*(?:[-*+]|\d{1,9}[.)])\s+\[([ xX])\](?:\s+(.*))?$/;
const fenceLine = /^[\s>]*(`{3,}|~{3,})/;
const evidenceLink = /\s*\(?\[[^\]]*\]\(<?([^()\s<>]+\.json)>?(?:\s+["'](?:sha256:)?([0-9a-f]{64})["'])?\)\)?/i;

/** The items of a Markdown text, those in fenced code left out. Lines are split as git splits them. */
export function parseChecklist(markdown: string): ChecklistItem[] {
  const items: ChecklistItem[] = [];
  let fence: string | null = null;
  for (const [index, raw] of markdown.split(/\r\n|\n|\r/).entries()) {
    const mark: string | null = fenceLine.exec(raw)?.[1] ?? null;
    if (mark !== null && (fence === null || (mark.startsWith(fence) && raw.trim() === mark))) {
      fence = fence === null ? mark : null;
      continue;
    }
    const item = fence === null ? itemLine.exec(raw) : null;
    if (item === null) continue;
    const [, box, text = ""] = item;
    items.push({ line: index + 1, checked: box !== " ", ...splitLink(text) });
  }
  return items;
}

function splitLink(text: string): Pick<ChecklistItem, "text" | "link"> {
  const found = evidenceLink.exec(text);
  if (found === null) return { text: text.trim(), link: null };
  const [whole, target = "", sha256] = found;
  return { text: text.replace(whole, "").trim(), link: { target, sha256: sha256?.toLowerCase() ?? null } };
}
