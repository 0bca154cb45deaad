import type { Node } from "oxc-parser";
import type { Codemod, Refusal, Rewrite, Scan } from "../engine/codemod.ts";
import { quoteOf } from "../engine/import-place.ts";
import { type Load, loadsOf } from "../engine/loads.ts";
import {
  doubtAboutUse,
  dropRewrites,
  isAlias,
  joinImports,
  membersInUse,
  membersOfName,
  reexportRefusals,
  rootName,
} from "../engine/member-rewrites.ts";
import { createModuleAccess } from "../engine/module-access.ts";
import { createDenote, type Denote, type Member, memberUses, propertyName } from "../engine/module-members.ts";
import type { Located, SourceFile } from "../engine/source-file.ts";
import { isStringLiteral, isWrittenPlainly } from "../engine/syntax.ts";
import { builtinModules } from "./builtin-modules.ts";

/** Members of `crypto` that are members of `tls` under another name. */
const movedMembers: ReadonlyMap<string, readonly [code: string, name: string]> = new Map([
  ["createCredentials", ["DEP0010", "createSecureContext"]],
  ["Credentials", ["DEP0011", "SecureContext"]],
]);

/** What the internal modules have in common with `tls`. */
const internalMembers: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["_tls_common", new Set(["SecureContext", "createSecureContext"])],
  ["_tls_wrap", new Set(["Server", "TLSSocket", "connect", "createServer"])],
]);

/** Members of `tls` without an equal replacement. */
const lostMembers: ReadonlyMap<string, string> = new Map([
  ["createSecurePair", "DEP0064: tls.TLSSocket wraps a socket, where a secure pair had two streams"],
  ["CryptoStream", "DEP0042: tls.TLSSocket takes its place, with another constructor"],
  ["SecurePair", "DEP0043: tls.TLSSocket takes its place, with another constructor"],
  ["parseCertString", "DEP0076: querystring.parse decodes escapes, which it does not"],
  ["convertNPNProtocols", "DEP0107: NPN itself is gone; use ALPNProtocols"],
]);

const versionsByProtocol: ReadonlyMap<string, string> = new Map([
  ["TLSv1_method", "TLSv1"],
  ["TLSv1_1_method", "TLSv1.1"],
  ["TLSv1_2_method", "TLSv1.2"],
]);

/** Functions that take TLS options. */
const optionTakers: ReadonlySet<string> = new Set([
  "_tls_common.createSecureContext",
  "_tls_wrap.TLSSocket",
  "_tls_wrap.connect",
  "_tls_wrap.createServer",
  "crypto.createCredentials",
  "https.Agent",
  "https.createServer",
  "https.get",
  "https.request",
  "tls.TLSSocket",
  "tls.connect",
  "tls.createSecureContext",
  "tls.createServer",
]);

/**
 * Replaces what Node.js deprecated around TLS where an equal is left:
 *
 * - `crypto.createCredentials` (DEP0010) and `crypto.Credentials` (DEP0011) become `tls.createSecureContext` and
 *   `tls.SecureContext`, of which they were other names.
 * - `_tls_common` and `_tls_wrap` (DEP0192) become `tls` where the file uses only members that are the same in both.
 * - `secureProtocol: "TLSv1_2_method"`, which the documentation of `tls` discourages, becomes `minVersion` and `maxVersion`, as Node.js itself
 *   reads it; only in an object that is written as an argument of `tls` or `https`, without a version or a spread.
 *
 * Refused with the reason, since nothing is equal: `tls.createSecurePair` (DEP0064), `CryptoStream` (DEP0042), `SecurePair`
 * (DEP0043), `parseCertString` (DEP0076), `convertNPNProtocols` (DEP0107), `ecdhCurve: false` (DEP0083), and other values of
 * `secureProtocol`, which allow a range or one side of the connection.
 */
export const tlsDeprecations: Codemod = {
  id: "tls-deprecations",
  version: "2.0.0",
  title: "Replace deprecated members of tls",
  description: "Replaces crypto.createCredentials, the internal TLS modules and secureProtocol by what tls has today.",
  keywords: [
    "tls deprecations",
    "replace deprecated tls",
    "deprecated members tls",
    "deprecated tls api",
    "replace createcredentials",
    "createcredentials createsecurecontext",
    "replace secureprotocol",
    "secureprotocol minversion",
    "replace tls wrap tls",
  ],
  languages: ["javascript", "typescript"],
  prefilter: (text) =>
    /createCredentials|\bCredentials\b|_tls_(?:common|wrap)|secureProtocol|createSecurePair|CryptoStream|SecurePair|parseCertString|convertNPNProtocols|ecdhCurve/.test(
      text,
    ),
  scan,
};

function scan(source: SourceFile): Scan {
  const denote = createDenote(source, new Set([...builtinModules, ...internalMembers.keys()]));
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  for (const part of [movedScan(source, denote), internalScan(source), optionScan(source, denote)]) {
    rewrites.push(...part.rewrites);
    refusals.push(...part.refusals);
  }
  return { rewrites, refusals };
}

function movedScan(source: SourceFile, denote: Denote): Scan {
  const access = createModuleAccess(source, denote);
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [...reexportRefusals(source, new Set(["crypto"]), (name) => movedMembers.has(name))];
  const gone: (Node | null)[] = [];
  for (const use of memberUses(source, denote, isMovedOrLost)) {
    const name = use.member.path[0] ?? "";
    const { node, scope } = use.located;
    if (isAlias(denote, use)) continue;
    const moved = use.member.module === "crypto" ? movedMembers.get(name) : undefined;
    const tls = moved === undefined ? null : access.expressionFor(scope, node.start, "tls");
    const doubt =
      moved === undefined
        ? lostMembers.get(name)
        : (doubtAboutUse(use) ?? (tls === null ? "the file has no name for tls" : null));
    if (moved === undefined || doubt !== null) {
      refusals.push({ at: node.start, reason: `${use.member.module}.${name} stays: ${doubt}` });
      continue;
    }
    gone.push(rootName(node));
    const isShort = use.located.parent?.node.type === "Property" && use.located.parent.node.shorthand;
    const text = `${isShort ? `${name}: ` : ""}${tls}.${moved[1]}`;
    const reason = `crypto.${name} is gone (${moved[0]}): tls.${moved[1]}`;
    rewrites.push({ at: node.start, reason, splices: [{ start: node.start, end: node.end, text }] });
  }
  if (rewrites.length === 0) return { rewrites, refusals };
  const drops = dropRewrites(source, gone, access.names());
  return { rewrites: [...rewrites, ...joinImports(source.text, drops, access.imports())], refusals };
}

function isMovedOrLost({ module, path }: Member): boolean {
  const known: ReadonlyMap<string, unknown> | null =
    module === "crypto" ? movedMembers : module === "tls" ? lostMembers : null;
  return path.length === 1 && known?.has(path[0] ?? "") === true;
}

function internalScan(source: SourceFile): Scan {
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  for (const load of loadsOf(source, new Set(internalMembers.keys()))) {
    const { specifier, module } = load;
    const names = membersLoaded(source, load);
    const unknown = names === null ? null : [...names].find((name) => internalMembers.get(module)?.has(name) !== true);
    if (names === null) refusals.push({ at: specifier.start, reason: `${module} stays: it is used as a whole` });
    else if (unknown !== undefined) {
      refusals.push({ at: specifier.start, reason: `${module} stays: tls has no equal of ${unknown}` });
    } else if (isWrittenPlainly(specifier, source.text)) {
      const splices = [{ start: specifier.end - 1 - module.length, end: specifier.end - 1, text: "tls" }];
      rewrites.push({ at: specifier.start, reason: `${module} is internal (DEP0192): tls`, splices });
    }
  }
  return { rewrites, refusals };
}

/** The members of a module that a load makes the file use, or null where it may use any. */
function membersLoaded(source: SourceFile, { site }: Load): ReadonlySet<string> | null {
  const { node, scope } = site;
  if (node.type === "CallExpression") return membersInUse(source, site);
  if (node.type !== "ImportDeclaration") return null;
  const names = new Set<string>();
  for (const specifier of node.specifiers) {
    if (specifier.type === "ImportSpecifier") {
      names.add(specifier.imported.type === "Literal" ? specifier.imported.value : specifier.imported.name);
      continue;
    }
    const used = membersOfName(source, { node: specifier.local, scope, parent: site });
    if (used === null) return null;
    for (const name of used) names.add(name);
  }
  return names;
}

function optionScan(source: SourceFile, denote: Denote): Scan {
  const rewrites: Rewrite[] = [];
  const refusals: Refusal[] = [];
  for (const { node, scope } of [...source.nodesOfType("CallExpression"), ...source.nodesOfType("NewExpression")]) {
    for (const argument of node.arguments) {
      if (argument.type !== "ObjectExpression") continue;
      const member = denote(scope, node.callee);
      if (member === null || !optionTakers.has([member.module, ...member.path].join("."))) continue;
      for (const property of argument.properties) {
        const result = optionRewrite(source, argument, property);
        if (typeof result === "string") refusals.push({ at: property.start, reason: result });
        else if (result !== null) rewrites.push(member.doubt === null ? result : { ...result, splices: [] });
      }
    }
  }
  return { rewrites: rewrites.filter(({ splices }) => splices.length > 0), refusals };
}

type ObjectLiteral = Extract<Node, { type: "ObjectExpression" }>;

/** The rewrite of one option, null where it stays, or the reason why it cannot be replaced. */
function optionRewrite(source: SourceFile, options: ObjectLiteral, property: Node): Rewrite | string | null {
  if (property.type !== "Property" || property.shorthand || property.kind !== "init") return null;
  const name = propertyName(property);
  const { value } = property;
  if (name === "ecdhCurve" && value.type === "Literal" && value.value === false) {
    return "ecdhCurve: false stays: ECDH cannot be disabled any more (DEP0083); leave its ciphers out instead";
  }
  if (name !== "secureProtocol") return null;
  const version = isStringLiteral(value) ? versionsByProtocol.get(value.value) : undefined;
  if (version === undefined) return "secureProtocol stays: it names no single version";
  if (hasVersion(options)) return "secureProtocol stays: the options may hold versions as well";
  const quoted = `${quoteOf(source)}${version}${quoteOf(source)}`;
  const text = `minVersion: ${quoted}, maxVersion: ${quoted}`;
  const splices = [{ start: property.start, end: property.end, text }];
  return { at: property.start, reason: `secureProtocol is legacy: the versions ${version} to ${version}`, splices };
}

function hasVersion(options: ObjectLiteral): boolean {
  return options.properties.some((each: Located["node"]) => {
    if (each.type !== "Property") return true;
    const name = propertyName(each);
    return name === null || name === "minVersion" || name === "maxVersion";
  });
}
