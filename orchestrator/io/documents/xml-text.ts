/** A text as an attribute or the content of an element of XML 1.0, on one line. What XML cannot hold is shown as U+FFFD. */
export function escapeXml(text: string): string {
  return escapeContent(text)
    .replaceAll('"', "&quot;")
    .replaceAll(/[\t\n\r]/g, " ");
}

/** As `escapeXml`, but line breaks and tabs stay: for the content of an element alone. */
export function escapeContent(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
