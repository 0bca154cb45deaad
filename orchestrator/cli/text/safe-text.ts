const hostile = /[\p{Cc}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;

/**
 * Text from anywhere as one line that cannot command a terminal: line breaks and tabs are blanks; other control characters,
 * escape sequences and marks that turn the direction of writing are shown as `\x1b` or `\u{202e}`.
 */
export function safeLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\t]+\s*/g, " ").replaceAll(hostile, spellOut);
}

/** As `safeLine`, but line breaks and tabs stay. */
export function safeBlock(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replaceAll(hostile, (character) => (/[\n\t]/.test(character) ? character : spellOut(character)));
}

/** JSON that cannot command a terminal either: the same characters are written as escapes. */
export function safeJson(value: unknown, indent: number): string {
  return JSON.stringify(value, null, indent).replaceAll(hostile, (character) =>
    character === "\n" ? character : escapeUnits(character),
  );
}

function spellOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}

function escapeUnits(character: string): string {
  return character
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
