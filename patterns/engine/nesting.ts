/** oxc-parser recurses, and ends the process where its stack does: in 8 MiB at 2,000 to 20,000 levels, by construct. */
const bracketDepthMax = 500;
const tokenStretchMax = 2000;

/**
 * An estimate of how deeply a text nests, made before the parser sees it: open brackets, and the length of a stretch of tokens
 * that no `,` `;` `{` `}` or end of a statement's line interrupts, since a chain of operators nests as deeply as it is long.
 * Strings and comments are stepped over; templates and regular expressions are read as code, so a text made for it could mislead.
 */
export function isNestedTooDeeply(text: string): boolean {
  let depth = 0;
  let stretch = 0;
  let canEnd = false;
  let isLineOver = false;
  for (let at = 0; at < text.length; at = tokenEnd(text, at)) {
    const character = text.charAt(at);
    if (isLineEnd(character)) isLineOver = true;
    if (isSpace(character) || isComment(text, at)) continue;
    if (opens.includes(character)) depth += 1;
    else if (closes.includes(character)) depth = Math.max(0, depth - 1);
    const isInterrupted = separators.includes(character) || (isLineOver && canEnd && canBegin(text, at));
    stretch = isInterrupted ? 0 : stretch + 1;
    if (depth > bracketDepthMax || stretch > tokenStretchMax) return true;
    canEnd = isWordCharacter(character) || "\"'`)]}".includes(character);
    isLineOver = false;
  }
  return false;
}

const opens = "([{";
const closes = ")]}";
const separators = ",;{}";

/** A line begins a statement where its first token is a word other than `else`, or a string. */
function canBegin(text: string, at: number): boolean {
  const character = text.charAt(at);
  if (character === '"' || character === "'") return true;
  return isWordCharacter(character) && text.slice(at, tokenEnd(text, at)) !== "else";
}

/** Where the token at an offset ends; always after it. */
function tokenEnd(text: string, at: number): number {
  const character = text.charAt(at);
  if (character === '"' || character === "'") return stringEnd(text, at);
  if (isComment(text, at)) return commentEnd(text, at);
  let end = at + 1;
  if (isWordCharacter(character)) while (end < text.length && isWordCharacter(text.charAt(end))) end += 1;
  return end;
}

function stringEnd(text: string, at: number): number {
  const quote = text.charAt(at);
  for (let end = at + 1; end < text.length; end += 1) {
    const character = text.charAt(end);
    if (character === quote) return end + 1;
    if (isLineEnd(character)) return end;
    if (character === "\\") end += 1;
  }
  return text.length;
}

function isComment(text: string, at: number): boolean {
  return text.charAt(at) === "/" && (text.charAt(at + 1) === "/" || text.charAt(at + 1) === "*");
}

function commentEnd(text: string, at: number): number {
  const isBlock = text.charAt(at + 1) === "*";
  const end = isBlock ? text.indexOf("*/", at + 2) : text.indexOf("\n", at + 2);
  if (end === -1) return text.length;
  return isBlock ? end + 2 : end;
}

function isWordCharacter(character: string): boolean {
  const code = character.charCodeAt(0);
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return isLetter || (code >= 48 && code <= 57) || code === 95 || code === 36 || code > 127;
}

function isLineEnd(character: string): boolean {
  return character === "\n" || character === "\r";
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || isLineEnd(character);
}
