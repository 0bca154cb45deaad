/** Text that is HTML already. Whatever else goes into a page is escaped. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a page; null and undefined are nothing. */
export type Part = Markup | string | number | null | undefined | readonly Part[];

/** A piece of a page: what is put in between is text, unless it is markup. It is safe between tags and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const [first = "", ...rest] = strings;
  return { markup: first + rest.map((string, index) => render(parts[index]) + string).join("") };
}

/** Text that is trusted to be HTML: a style sheet or a program of our own. */
export function trusted(markup: string): Markup {
  return { markup };
}

function render(part: Part): string {
  if (part === null || part === undefined) return "";
  if (typeof part === "string") return escapeHtml(part);
  if (typeof part === "number") return String(part);
  return "markup" in part ? part.markup : part.map(render).join("");
}

/**
 * Text as HTML shows it, in elements and in quoted attributes. Characters that show nothing and those that turn the direction of what follows
 * are named, so that nothing reads as something else than it is.
 */
export function escapeHtml(text: string): string {
  return text
    .replaceAll(unseen, (found) => `⟨U+${(found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Controls but tab and line feed, marks and overrides of direction, separators and blanks without width, tags, halves of pairs. */
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0000}-\u{e007f}]/gu;
