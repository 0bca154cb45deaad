import { posix } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Finding } from "../../orchestrator/schema/verdict.ts";

const findingsMax = 10_000;
const lineLengthMax = 4_000;
const messageLengthMax = 1_000;

/** What a linter or compiler said on one line. */
type Said = Pick<Finding, "message"> & {
  readonly rule?: string | undefined;
  readonly path?: string;
  readonly line?: string;
};

/** A place alone, such as the arrow of rustc: what was said before it is of this place. */
interface Place {
  readonly path: string;
  readonly line: string;
}

const atPlace = /^(?:vet: )?([^\s:()][^:()]*):(\d{1,9})(?::\d{1,9})?(?::|\s-)\s+(.+)$/;
const inBrackets = /^([^\s()][^()]*)\((\d{1,9}),\d{1,9}\):\s+(.+)$/;
const headed =
  /^([^\s:()][^:()]*):(\d{1,9}):\d{1,9}\s+((?:lint|assist|format|parse|suppressions)(?:\/[\w-]+)*|parse|format)\b/;
const arrow = /^\s*(?:-->|╭─\[|,-\[)\s*([^\s:][^:]*):(\d{1,9})(?::\d{1,9})?\]?/;
const indented = /^\s+(\d{1,9}):\d{1,9}\s+(error|warning)\s+(\S.*)$/;
const titled = /^\s*(?:(error|warning)(?:\[([\w:-]+)\])?:|([×⚠x!])|([A-Z]{1,6}\d{2,5})(?:\s\[\*\])?)\s+(\S.*)$/;
const bareFile = /^(\S.*\.\w{1,10})$/;

/**
 * The findings in what a linter or a compiler printed, in the forms that most of them write: `path:line:column: message`, `path(line,column): …`,
 * a path with indented lines under it (ESLint), a message with an arrow to its place (rustc, ruff, oxlint), and the headings of biome. Other
 * lines are passed over, so an empty list does not mean that nothing was found: the verdict is that of the exit code. Paths that do not
 * lead into the folder `root` (absolute) are left out. Takes time in proportion to the text.
 */
export function readFindings(output: string, root: string): readonly Finding[] {
  const findings: Finding[] = [];
  let file: string | null = null;
  let open: Said | null = null;
  let heading: (Place & { readonly rule: string }) | null = null;
  for (const line of stripVTControlCharacters(output).split(/\r?\n/)) {
    if (findings.length >= findingsMax) break;
    if (line.length > lineLengthMax || line.trim() === "") continue;
    const place = placeOf(line);
    if (place !== null) {
      if (open !== null) findings.push(findingOf({ ...open, ...place }, root));
      open = null;
      continue;
    }
    const said = sentenceOf(line, file);
    if (said !== null) {
      findings.push(findingOf(said, root));
      continue;
    }
    heading = headingOf(line) ?? heading;
    const title = titleOf(line);
    if (title === null) file = bareFile.exec(line)?.[1] ?? file;
    else if (heading === null) open = title;
    else {
      findings.push(findingOf({ ...title, ...heading }, root));
      heading = null;
    }
  }
  return findings;
}

function placeOf(line: string): Place | null {
  const [, path, at] = arrow.exec(line) ?? [];
  return path === undefined || at === undefined ? null : { path, line: at };
}

function sentenceOf(line: string, file: string | null): Said | null {
  const [, path, at, text] = atPlace.exec(line) ?? inBrackets.exec(line) ?? [];
  if (path !== undefined && at !== undefined && text !== undefined) return { path, line: at, ...wordsOf(text) };
  const [, own, , said] = indented.exec(line) ?? [];
  if (file === null || own === undefined || said === undefined) return null;
  const [message = said, rule] = said.split(/\s{2,}(?=\S+$)/);
  return { path: file, line: own, message, rule };
}

function headingOf(line: string): (Place & { readonly rule: string }) | null {
  const [, path, at, rule] = headed.exec(line) ?? [];
  return path === undefined || at === undefined || rule === undefined ? null : { path, line: at, rule };
}

function titleOf(line: string): Said | null {
  const [, , code, mark, rule, text] = titled.exec(line) ?? [];
  if (text === undefined) return null;
  const [, named, rest] = mark === undefined ? [] : (/^([\w@/-]+\([\w@/-]+\)):\s*(.+)$/.exec(text) ?? []);
  return { message: rest ?? text, rule: named ?? rule ?? code };
}

/** `error TS2322: text`, `error: text [code]`, `F401 [*] text`. */
function wordsOf(text: string): Pick<Said, "message" | "rule"> {
  const plain = text.replace(/^(?:fatal error|error|warning|note)\b:?\s*/, "");
  const [, first, after] = /^([A-Z]{1,6}\d{2,5})(?::|\s\[\*\])?\s+(.+)$/.exec(plain) ?? [];
  if (first !== undefined && after !== undefined) return { message: after, rule: first };
  const start = plain.lastIndexOf(" [");
  const [, last] = /^ \[([\w=-]{2,60})\]$/.exec(plain.slice(Math.max(0, start))) ?? [];
  return start <= 0 || last === undefined ? { message: plain } : { message: plain.slice(0, start), rule: last };
}

function findingOf({ rule, path, line, message }: Said, root: string): Finding {
  const inside = path === undefined ? null : pathInside(path, root);
  const at = Number(line);
  return {
    rule: rule ?? "lint",
    message: message.trim().slice(0, messageLengthMax),
    ...(inside === null ? {} : { path: inside, ...(at > 0 ? { line: at } : {}) }),
  };
}

function pathInside(path: string, root: string): string | null {
  const relative = path.startsWith("/") ? posix.relative(root, path) : posix.normalize(path);
  return relative === "" || relative === ".." || relative.startsWith("../") || relative.startsWith("/")
    ? null
    : relative;
}
