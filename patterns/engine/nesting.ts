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
    const kind = kindAt(text, at);
    if (kind & lineEnd) isLineOver = true;
    if (kind & space || isComment(text, at)) continue;
    if (kind & opening) depth += 1;
    else if (kind & closing) depth = Math.max(0, depth - 1);
    const isInterrupted = kind & separator || (isLineOver && canEnd && canBegin(text, at));
    stretch = isInterrupted ? 0 : stretch + 1;
    if (depth > bracketDepthMax || stretch > tokenStretchMax) return true;
    canEnd = (kind & ending) !== 0;
    isLineOver = false;
  }
  return false;
}

const backslash = 92;
const slash = 47;
const star = 42;

const space = 1;
const lineEnd = 2;
const opening = 4;
const closing = 8;
const separator = 16;
const word = 32;
const quote = 64;
const ending = 128;

/** What a character is, as bits: this is asked of every character of every candidate. */
function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  switch (code) {
    case 9:
    case 32:
      return space;
    case 10:
    case 13:
      return space | lineEnd;
    case 40:
    case 91:
      return opening;
    case 123:
      return opening | separator;
    case 41:
    case 93:
      return closing | ending;
    case 125:
      return closing | ending | separator;
    case 44:
    case 59:
      return separator;
    case 34:
    case 39:
      return quote | ending;
    case 96:
      return ending;
    default:
      return isWordCode(code) ? word | ending : 0;
  }
}

function isWordCode(code: number): boolean {
  const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
  return isLetter || (code >= 48 && code <= 57) || code === 95 || code === 36 || code > 127;
}

/** A line begins a statement where its first token is a word other than `else`, or a string. */
function canBegin(text: string, at: number): boolean {
  const kind = kindAt(text, at);
  return (kind & quote) !== 0 || ((kind & word) !== 0 && text.slice(at, tokenEnd(text, at)) !== "else");
}

/** Where the token at an offset ends; always after it. */
function tokenEnd(text: string, at: number): number {
  const kind = kindAt(text, at);
  if (kind & quote) return stringEnd(text, at);
  if (isComment(text, at)) return commentEnd(text, at);
  let end = at + 1;
  if (kind & word) while (end < text.length && isWordCode(text.charCodeAt(end))) end += 1;
  return end;
}

function stringEnd(text: string, at: number): number {
  const mark = text.charCodeAt(at);
  for (let end = at + 1; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === mark) return end + 1;
    if (code === 10 || code === 13) return end;
    if (code === backslash) end += 1;
  }
  return text.length;
}

function isComment(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== slash) return false;
  const next = text.charCodeAt(at + 1);
  return next === slash || next === star;
}

function commentEnd(text: string, at: number): number {
  const isBlock = text.charAt(at + 1) === "*";
  const end = isBlock ? text.indexOf("*/", at + 2) : text.indexOf("\n", at + 2);
  if (end === -1) return text.length;
  return isBlock ? end + 2 : end;
}
