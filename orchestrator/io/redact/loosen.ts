/**
 * The same text with escapes (`\n`, `\"`, `%0A`, terminal colours) blanked, offsets unchanged. Many rules want a token to stand alone,
 * which a letter of an escape before it hides; the original must be looked at as well.
 */
export function loosen(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character
  const escapes = /\\+(?:[nrtbf"'/]|u00[0-9a-fA-F]{2})|\x1b\[[0-9;?]{0,20}[A-Za-z]|%[0-9A-Fa-f]{2}/g;
  return text.replace(escapes, (found) => " ".repeat(found.length));
}
