import {
  type Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  visit,
} from "yaml";
import { OrchestratorError } from "../../schema/errors.ts";

/** Where a text comes from, so that an error can say it. */
export interface TextSource {
  /** As the user would name it: a path, or a path and a commit. */
  readonly file: string;
  /** The line of the file at which the text begins; default 1. */
  readonly firstLine?: number;
  /** The code of the error for a text that cannot be read. */
  readonly code: "config_invalid" | "document_invalid";
}

/** A YAML document that was read. */
export interface StrictYaml {
  readonly value: unknown;
  /**
   * The line of the file where the value at a path, or the closest one above it, stands. With `key`, that key's own
   * line.
   */
  lineOf(path: readonly PropertyKey[], key?: string): number;
}

const charactersMax = 262_144;
const depthMax = 32;
/** Opening brackets are what the parser is slow at. */
const bracketsMax = 10_000;

/**
 * Reads one document of the YAML 1.2 core schema, and no more of YAML than that: anchors, aliases, tags, merge
 * keys, directives, keys that are no strings, duplicate keys and control characters are refused. Throws
 * `source.code`, naming file and line.
 */
export function parseStrictYaml(text: string, source: TextSource): StrictYaml {
  const firstLine = source.firstLine ?? 1;
  if (text.length > charactersMax) throw yamlFault(source, firstLine, `more than ${charactersMax} characters of YAML`);
  if (text.split(/[[{]/, bracketsMax + 2).length > bracketsMax + 1)
    throw yamlFault(source, firstLine, `more than ${bracketsMax} opening brackets`);
  const control = text.search(/[^\P{Cc}\t\n\r]/u);
  if (control >= 0) throw yamlFault(source, firstLine + linesBefore(text, control), "a control character");
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.2",
    schema: "core",
    merge: false,
    stringKeys: true,
    prettyErrors: false,
    lineCounter: lines,
  });
  const lineAt = (offset: number) => firstLine + Math.max(0, lines.linePos(offset).line - 1);
  const [problem] = document.errors;
  if (problem !== undefined) throw yamlFault(source, lineAt(problem.pos[0]), problem.message);
  refuseExtensions(document, (offset, message) => yamlFault(source, lineAt(offset), message));
  return { value: document.toJS(), lineOf: (path, key) => lineAt(offsetOf(document, path, key)) };
}

/** A fault that names file, line and what is wrong there. */
export function yamlFault({ file, code }: TextSource, line: number, message: string): OrchestratorError {
  return new OrchestratorError(code, `${file}:${line}: ${message}`);
}

type ParsedYaml = Document.Parsed<ParsedNode>;

function refuseExtensions(document: ParsedYaml, fault: (offset: number, message: string) => OrchestratorError): void {
  const { yaml, tags } = document.directives;
  if (yaml.explicit === true || Object.keys(tags).some((handle) => handle !== "!!"))
    throw fault(0, "a YAML directive; leave it out");
  visit(document, {
    Alias: (_, node) => {
      throw fault(offsetOfNode(node), `the alias *${node.source}; write the value out`);
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value === "<<")
        throw fault(offsetOfNode(pair.key), "a merge key; write the values out");
    },
    Node: (_, node, path) => {
      if ("anchor" in node && node.anchor)
        throw fault(offsetOfNode(node), `the anchor &${node.anchor}; write the value out`);
      if (node.tag !== undefined) throw fault(offsetOfNode(node), `the tag ${node.tag}; leave it out`);
      if (path.filter(isCollection).length >= depthMax)
        throw fault(offsetOfNode(node), `nested more than ${depthMax} deep`);
    },
  });
}

function offsetOf(document: ParsedYaml, path: readonly PropertyKey[], key: string | undefined): number {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isNode(node)) return offsetOfKey(node, length === path.length ? key : undefined);
  }
  return 0;
}

function offsetOfKey(node: Node, key: string | undefined): number {
  const pair = isMap(node) ? node.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  return pair !== undefined && isScalar(pair.key) ? offsetOfNode(pair.key) : offsetOfNode(node);
}

function offsetOfNode(node: Node): number {
  return node.range?.[0] ?? 0;
}

function linesBefore(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length - 1;
}
