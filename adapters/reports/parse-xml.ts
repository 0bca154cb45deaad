import { XMLParser, XMLValidator } from "fast-xml-parser";
import { messageOf } from "../../orchestrator/schema/errors.ts";

/** An element of a document, with its entities decoded. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly comments: readonly string[];
  /** Its own text and CDATA, without that of its children. */
  readonly text: string;
}

/** A whole, well-formed document, or one sentence why it is none. */
export type XmlReading =
  | { readonly valid: true; readonly root: XmlElement }
  | { readonly valid: false; readonly problem: string };

const parserOptions = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  // Entities are decoded here, so that a document can never define its own.
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  commentPropName: "#comment",
  cdataPropName: "#cdata",
};

/**
 * Reads a document strictly: truncated, empty, with a DOCTYPE (the way to an entity bomb), with more than one root or nested
 * deeper than 100 elements is refused. Never throws.
 */
export function parseXml(text: string): XmlReading {
  const source = text.replace(/^\uFEFF/, "");
  if (source.trim() === "") return { valid: false, problem: "it is empty" };
  if (hasDoctype(source)) return { valid: false, problem: "it has a DOCTYPE, which no test runner writes" };
  try {
    // The parser is tolerant: of a truncated document it gives the first part. Only the validator tells.
    const validity = XMLValidator.validate(source);
    if (validity !== true) return { valid: false, problem: `line ${validity.err.line}: ${validity.err.msg}` };
    const roots = elementsOf(new XMLParser(parserOptions).parse(source)).filter(({ name }) => !name.startsWith("?"));
    const [root] = roots;
    if (root === undefined || roots.length > 1)
      return { valid: false, problem: `${roots.length} root elements, not one` };
    return { valid: true, root };
  } catch (error) {
    return { valid: false, problem: messageOf(error) };
  }
}

/** A test may print a page of HTML, or compare two: what stands in CDATA or a comment declares nothing. */
function hasDoctype(source: string): boolean {
  const isNamed = (text: string) => /<!DOCTYPE/i.test(text);
  return isNamed(source) && isNamed(source.replace(/<!\[CDATA\[[\s\S]*?\]\]>|<!--[\s\S]*?-->/g, ""));
}

/** The parser gives each node as an object: its name or kind with its content, then `:@` with its attributes. */
function elementsOf(nodes: unknown): XmlElement[] {
  return arrayOf(nodes).flatMap((node) => {
    const [content, attributes] = entriesOf(node);
    return content === undefined || content[0].startsWith("#")
      ? []
      : [elementOf(content[0], content[1], attributes?.[1])];
  });
}

function elementOf(name: string, content: unknown, attributes: unknown): XmlElement {
  const parts = arrayOf(content).map((part) => entriesOf(part)[0] ?? ["#none", ""]);
  return {
    name,
    attributes: new Map(entriesOf(attributes).map(([key, value]) => [key, decode(String(value))])),
    children: elementsOf(content),
    comments: parts.flatMap(([kind, nodes]) => (kind === "#comment" ? [leafText(nodes)] : [])),
    text: parts.map(([kind, value]) => textOf(kind, value)).join(""),
  };
}

function textOf(kind: string, value: unknown): string {
  if (kind === "#text") return decode(String(value));
  return kind === "#cdata" ? leafText(value) : "";
}

function leafText(nodes: unknown): string {
  return arrayOf(nodes)
    .map((node) => String(entriesOf(node)[0]?.[1] ?? ""))
    .join("");
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

const named: ReadonlyMap<string, string> = new Map([
  ["lt", "<"],
  ["gt", ">"],
  ["amp", "&"],
  ["quot", '"'],
  ["apos", "'"],
]);

function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#([0-9]{1,7})|([a-z]+));/gi, (whole, hex, decimal, name) => {
    if (typeof name === "string") return named.get(name) ?? whole;
    const point = typeof hex === "string" ? Number.parseInt(hex, 16) : Number.parseInt(String(decimal), 10);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
