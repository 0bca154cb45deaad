import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan } from "../engine/codemod.ts";
import { isWriteTarget } from "../engine/expressions.ts";
import { constantValue } from "../engine/known-type.ts";
import {
  bindingOf,
  type Call,
  callOf,
  doubtAboutUse,
  dropRewrites,
  plainArguments,
  rootName,
} from "../engine/member-rewrites.ts";
import { createDenote, type Denote, isPath, memberName, memberUses, propertyName } from "../engine/module-members.ts";
import type { Scope } from "../engine/scope.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { isHostName, isStringLiteral } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

/** A host that both parsers read alike: names in lower case whose last part is no number, without punycode. */
const label = "(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const host = `(?:${label}\\.){0,8}(?!xn--)[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?`;
const origin = `(https?|wss?|ftp)://${host}(?::([1-9][0-9]{0,4}))?`;
const segment = "(?!\\.\\.?(?:/|$|\\?|#))[A-Za-z0-9._~-]*";
const wholeUrl = new RegExp(`^${origin}(?:/${segment})*(\\?[A-Za-z0-9._~=&-]+)?(#[A-Za-z0-9._~-]+)?$`);
const urlHead = new RegExp(`^${origin}[/?#]`);

const defaultPorts: ReadonlySet<string> = new Set(["http:80", "https:443", "ws:80", "wss:443", "ftp:21"]);

/** What the text shows of a URL, and so which of its properties are the same for both parsers. */
interface Shape {
  readonly isWhole: boolean;
  readonly names: ReadonlySet<string>;
}

const requests: ReadonlySet<string> = new Set(["http.get", "http.request", "https.get", "https.request"]);

/**
 * Replaces `url.parse(x)` (DEP0169) by `new URL(x)` where both give the same. They seldom do by what the text shows: `new URL` throws
 * for a relative address such as `req.url`, resolves dots, and has empty strings for what `url.parse` leaves null. So a call changes
 * only where
 *
 * - the address is a string or a template, at the call or in a constant, that begins with an http, https, ws, wss or ftp origin in
 *   its normal form (lower case, no user, no default port, no numbers for a host). Of a template the origin alone is known:
 *   then only `protocol`, `host`, `hostname` and `port` may be used. A string that is in normal form as a whole gives
 *   `pathname`, `href`, and `search`, `hash` and `port` where it has them, too;
 * - everything that the file does with the result is reading these, or handing it to `http.get`, `http.request` and those of `https`
 *   as the first argument (for a whole string).
 *
 * All other calls are refused: an address that is not known, `url.parse(x, true)`, `query`, `auth`, `path`, a result that is changed or
 * goes elsewhere. `url.format`, `url.resolve` and the new members of `url` are left alone.
 */
export const urlParseToWhatwg: Codemod = {
  id: "url-parse-to-whatwg",
  version: "2.0.0",
  title: "Parse addresses with the URL class",
  description: "Turns `url.parse(x)` into `new URL(x)` where the address and the use show that both give the same.",
  keywords: [
    "replace url parse",
    "url parse whatwg",
    "url parse new url",
    "whatwg url",
    "url class over url parse",
    "new url over url parse",
    "replace deprecated url parse",
    "parse address url class",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) => /\bparse\b/.test(text) && /["'](?:node:)?url["']/.test(text),
  scan,
};

function scan(source: SourceFile): Scan {
  const denote = createDenote(source, builtinModules);
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  const gone: (Node | null)[] = [];
  for (const use of memberUses(source, denote, (member) => member.module === "url" && isPath(member, "parse"))) {
    const call = callOf(use);
    const { node } = use.located;
    const doubt =
      doubtAboutUse(use) ?? (call === null ? "only its calls can be replaced" : doubtAboutCall(source, denote, call));
    if (doubt !== null) {
      refusals.push({ at: node.start, reason: `url.parse stays: ${doubt}` });
      continue;
    }
    gone.push(rootName(node));
    const splices = [{ start: node.start, end: node.end, text: "new URL" }];
    rewrites.push({ at: node.start, reason: "url.parse is deprecated (DEP0169): new URL", splices });
  }
  return { rewrites: [...rewrites, ...dropRewrites(source, gone)], refusals };
}

function doubtAboutCall(source: SourceFile, denote: Denote, call: Located<Call>): string | null {
  const values = plainArguments(call.node);
  const [address] = values ?? [];
  if (address === undefined || values?.length !== 1) return "it has other arguments than an address";
  if (!isHostName(source, call.scope, "URL")) return "URL is another one here";
  const shape = shapeOf(call.scope, address);
  if (shape === null) return "the address may be relative, or not in its normal form";
  return doubtAboutResult(source, denote, call, shape);
}

/** What a written address shows, or null where it is not written, or no absolute address in normal form. */
function shapeOf(scope: Scope, expression: Node): Shape | null {
  const node = constantValue(scope, expression);
  if (isStringLiteral(node)) return wholeShape(node.value);
  if (node.type === "TemplateLiteral" && node.expressions.length === 0) {
    return wholeShape(node.quasis[0]?.value.cooked ?? "");
  }
  const head = headOf(node);
  const match = head === null ? null : urlHead.exec(head);
  if (match === null || defaultPorts.has(`${match[1]}:${match[2]}`) || Number(match[2] ?? 0) > 65_535) return null;
  return {
    isWhole: false,
    names: new Set(["protocol", "host", "hostname", ...(match[2] === undefined ? [] : ["port"])]),
  };
}

function wholeShape(address: string): Shape | null {
  const match = wholeUrl.exec(address);
  if (match === null || defaultPorts.has(`${match[1]}:${match[2]}`) || Number(match[2] ?? 0) > 65_535) return null;
  const [, , port, search, hash] = match;
  const names = ["protocol", "host", "hostname", "pathname", "href"];
  if (port !== undefined) names.push("port");
  if (search !== undefined) names.push("search");
  if (hash !== undefined) names.push("hash");
  return { isWhole: true, names: new Set(names) };
}

/** The string that a template or a concatenation begins with. */
function headOf(expression: Node): string | null {
  let node = expression;
  while (node.type === "BinaryExpression" && node.operator === "+") node = node.left;
  if (node.type === "TemplateLiteral") return node.quasis[0]?.value.cooked ?? null;
  return node !== expression && isStringLiteral(node) ? node.value : null;
}

function doubtAboutResult(source: SourceFile, denote: Denote, located: Located, shape: Shape): string | null {
  const { parent } = located;
  if (parent?.node.type !== "VariableDeclarator") return doubtAboutReading(denote, located, shape);
  if (parent.parent?.parent?.node.type === "ExportNamedDeclaration") return "its result is exported";
  const { id } = parent.node;
  if (id.type === "ObjectPattern") return doubtAboutPattern(id, shape);
  const binding = bindingOf({ node: id, scope: located.scope, parent });
  if (binding === null || binding.declarations.length > 1 || source.references().isWritten(binding)) {
    return "its result is kept in a variable that changes";
  }
  const doubts = source
    .references()
    .of(binding)
    .map((use) => doubtAboutReading(denote, use, shape));
  return doubts.find((doubt) => doubt !== null) ?? null;
}

function doubtAboutPattern(pattern: Extract<Node, { type: "ObjectPattern" }>, shape: Shape): string | null {
  const isKnown = pattern.properties.every((each) => {
    const name = each.type === "Property" ? propertyName(each) : null;
    return each.type === "Property" && name !== null && shape.names.has(name) && each.value.type === "Identifier";
  });
  return isKnown ? null : "not all that is taken from its result is the same";
}

function doubtAboutReading(denote: Denote, { node, parent, scope }: Located, shape: Shape): string | null {
  if (parent?.node.type === "MemberExpression" && parent.node.object === node) {
    const name = memberName(parent.node);
    if (isWriteTarget(parent)) return "its result is changed";
    return name !== null && shape.names.has(name) ? null : `${name ?? "a computed member"} of its result may differ`;
  }
  if (parent?.node.type === "CallExpression" && parent.node.arguments[0] === node && shape.isWhole) {
    const member = denote(scope, parent.node.callee);
    if (member !== null && member.doubt === null && requests.has([member.module, ...member.path].join(".")))
      return null;
  }
  return "its result is used as a whole";
}
