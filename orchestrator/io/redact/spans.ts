/** A stretch of a text that must not be shown, with the name it is shown as. Offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** The name of what is left out because it could not be looked at in time. */
export const withheldName = "withheld";

/** What stands in a text for a secret of this name. */
export function markerOf(name: string): string {
  return `[redacted:${name}]`;
}

/** The markers in a text, with the name inside each. */
export function findMarkers(text: string): Span[] {
  if (!text.includes("[redacted:")) return [];
  return [...text.matchAll(/\[redacted:([A-Za-z0-9_.-]{1,64})\]/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    name: match[1] ?? "",
  }));
}

/** A name as it may stand in a marker: other characters become `-`, at most 64. */
export function markerName(name: string): string {
  return name.replace(/[^A-Za-z0-9_.-]/g, "-").slice(0, 64) || "secret";
}

/** The spans in order, those that overlap joined under the name of the first. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((left, right) => left.start - right.start || right.end - left.end)) {
    const last = merged.at(-1);
    const joins = last && (span.start < last.end || (span.start === last.end && span.name === last.name));
    if (joins) merged[merged.length - 1] = { ...last, end: Math.max(last.end, span.end) };
    else merged.push(span);
  }
  return merged;
}

/** The text with a marker in place of each span. The spans are merged ones. */
export function replaceSpans(text: string, spans: readonly Span[]): string {
  return spliceSpans(text, spans, (span) => markerOf(span.name));
}

/**
 * The text with each span blanked, every other offset unchanged. No rule can match across the blank: line ends stop what
 * stays on one line, the zero bytes stop what runs over blank space.
 */
export function maskSpans(text: string, spans: readonly Span[]): string {
  return spliceSpans(text, spans, ({ start, end }) => `\n${"\0".repeat(Math.max(0, end - start - 2))}\n`);
}

function spliceSpans(text: string, spans: readonly Span[], replacement: (span: Span) => string): string {
  if (spans.length === 0) return text;
  const parts: string[] = [];
  let at = 0;
  for (const span of spans) {
    parts.push(text.slice(at, span.start), replacement(span));
    at = span.end;
  }
  return parts.join("") + text.slice(at);
}
