import { parseXml, type XmlAttributes, type XmlVisitor } from "../parse-xml.ts";

/** An element inside of a case, such as `failure`, with the text that stands directly in it. */
export interface JunitPart {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly text: string;
}

/** A whole `testcase`. */
export interface JunitCase {
  readonly attributes: XmlAttributes;
  readonly parts: readonly JunitPart[];
}

/** A `testsuites` or `testsuite`: what it says of itself, and how much it holds. */
export interface JunitSuite {
  readonly element: string;
  readonly attributes: XmlAttributes;
  /** Its name behind those of the suites around it. */
  readonly path: string;
  readonly suites: readonly JunitSuite[];
  readonly comments: readonly string[];
  /** How many cases stand directly in it, and how many of those hold a failure or an error. */
  readonly cases: number;
  readonly failedCases: number;
}

/** The root of a whole document, or one sentence why it is none of JUnit's. */
export type JunitDocument =
  | { readonly valid: true; readonly root: JunitSuite }
  | { readonly valid: false; readonly problem: string };

interface OpenSuite extends JunitSuite {
  readonly suites: JunitSuite[];
  readonly comments: string[];
  cases: number;
  failedCases: number;
}

interface OpenPart extends JunitPart {
  text: string;
}

interface Collector {
  readonly open: OpenSuite[];
  root: JunitSuite | undefined;
  /** The name of a root that is no suite. */
  foreignRoot: string | undefined;
  inside: { readonly attributes: XmlAttributes; readonly parts: OpenPart[] } | undefined;
  part: OpenPart | undefined;
  /** How many elements are open that nothing is read from. */
  ignored: number;
}

/** Reads a document and hands over its cases one by one, each with its suite, so that no more than one of them is held at a time. */
export function readJunitDocument(text: string, told: (element: JunitCase, suite: JunitSuite) => void): JunitDocument {
  const collector: Collector = {
    open: [],
    root: undefined,
    foreignRoot: undefined,
    inside: undefined,
    part: undefined,
    ignored: 0,
  };
  const problem = parseXml(text, visitorOf(collector, told));
  if (problem !== null) return { valid: false, problem: `the JUnit report is not a complete XML document: ${problem}` };
  const { root, foreignRoot } = collector;
  if (root !== undefined) return { valid: true, root };
  return {
    valid: false,
    problem: `the root of the JUnit report is <${foreignRoot}>, not <testsuites> or <testsuite>`,
  };
}

function visitorOf(collector: Collector, told: (element: JunitCase, suite: JunitSuite) => void): XmlVisitor {
  return {
    opened: (name, attributes) => openElement(collector, name, attributes),
    closed: () => closeElement(collector, told),
    text: (text) => {
      if (collector.part !== undefined && collector.ignored === 0) collector.part.text += text;
    },
    comment: (text) => {
      if (collector.inside === undefined && collector.ignored === 0) collector.open.at(-1)?.comments.push(text);
    },
  };
}

function openElement(collector: Collector, name: string, attributes: XmlAttributes): void {
  const suite = collector.open.at(-1);
  const isIgnored = collector.ignored > 0 || collector.part !== undefined || collector.foreignRoot !== undefined;
  if (isIgnored) collector.ignored += 1;
  else if (collector.inside !== undefined) {
    collector.part = { name, attributes, text: "" };
    collector.inside.parts.push(collector.part);
  } else if (name === "testsuite" || name === "testsuites") openSuite(collector, name, attributes);
  else if (suite === undefined) collector.foreignRoot = name;
  else if (name === "testcase") collector.inside = { attributes, parts: [] };
  else collector.ignored += 1;
}

function openSuite(collector: Collector, element: string, attributes: XmlAttributes): void {
  const above = collector.open.at(-1);
  const name = element === "testsuite" ? (attributes["name"] ?? "") : "";
  const path = [above?.path ?? "", name].filter((each) => each !== "").join(" > ");
  const suite: OpenSuite = { element, attributes, path, suites: [], comments: [], cases: 0, failedCases: 0 };
  above?.suites.push(suite);
  collector.root ??= suite;
  collector.open.push(suite);
}

function closeElement(collector: Collector, told: (element: JunitCase, suite: JunitSuite) => void): void {
  const { inside } = collector;
  const suite = collector.open.at(-1);
  if (collector.ignored > 0) collector.ignored -= 1;
  else if (collector.part !== undefined) collector.part = undefined;
  else if (inside === undefined || suite === undefined) collector.open.pop();
  else {
    collector.inside = undefined;
    suite.cases += 1;
    if (inside.parts.some(({ name }) => name === "failure" || name === "error")) suite.failedCases += 1;
    told(inside, suite);
  }
}
