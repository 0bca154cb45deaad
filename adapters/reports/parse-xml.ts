import { SaxesParser } from "saxes";
import { messageOf } from "../../orchestrator/schema/errors.ts";

/** The attributes of an element by name, decoded. It has no others, not even inherited ones. */
export type XmlAttributes = Readonly<Record<string, string>>;

/** What is told of a document while it is read, in its order. Texts are decoded; CDATA counts as text. */
export interface XmlVisitor {
  readonly opened: (name: string, attributes: XmlAttributes) => void;
  readonly closed: () => void;
  readonly text: (text: string) => void;
  readonly comment: (text: string) => void;
}

const depthMax = 100;

/**
 * Reads a document strictly, in one pass that builds no tree, and gives the problem of one that is not whole and well-formed: truncated,
 * empty, in UTF-16, with a DOCTYPE (the way to an entity bomb), with more than one root or nested deeper than 100 elements. What was
 * told of such a document is worth nothing. Characters that XML forbids are dropped, since runners write them. Never throws.
 */
export function parseXml(text: string, visitor: XmlVisitor): string | null {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (source.trim() === "") return "it is empty";
  const foreign = foreignEncoding(source);
  if (foreign !== null) return `its encoding is ${foreign}, not UTF-8`;
  try {
    readSource(withoutForbidden(source), visitor);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Without a handler for errors, the parser throws at the first one. */
function readSource(source: string, visitor: XmlVisitor): void {
  const parser = new SaxesParser();
  let depth = 0;
  parser.on("doctype", () => parser.fail("it has a DOCTYPE, which no test runner writes"));
  parser.on("opentag", ({ name, attributes }) => {
    depth += 1;
    if (depth > depthMax) parser.fail(`it is nested deeper than ${depthMax} elements`);
    visitor.opened(name, attributes);
  });
  parser.on("closetag", () => {
    depth -= 1;
    visitor.closed();
  });
  parser.on("text", visitor.text);
  parser.on("cdata", visitor.text);
  parser.on("comment", visitor.comment);
  parser.write(source).close();
}

/** In UTF-16, read as UTF-8, each letter stands beside a NUL; and what no UTF-8 can hold becomes U+FFFD. */
function foreignEncoding(source: string): string | null {
  if (/^\uFFFD|^\s*<\0|^\0/.test(source)) return "UTF-16";
  const declared = /^<\?xml[^>]{0,200}\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']/.exec(source)?.[1] ?? "UTF-8";
  return /^(?:utf-?8|us-ascii|ascii)$/i.test(declared) || !source.includes("\uFFFD") ? null : declared;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /\x1B\[[0-9;]*[A-Za-z]|[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/g;
const forbiddenReference =
  /&#(?:27|x1b);\[[0-9;]*[a-z]|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]|fff[ef]));/gi;

/** node --test writes control characters and colours as they are, and surefire as references. */
function withoutForbidden(source: string): string {
  const plain = source.replace(forbidden, "");
  return plain.includes("&#") ? plain.replace(forbiddenReference, "") : plain;
}
