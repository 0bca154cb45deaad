/** What the first lines of a spec say, read without a YAML parser. */
export interface PlainHeader {
  readonly fields: ReadonlyMap<string, string>;
  readonly covers: readonly string[];
}

const scalars = ["id", "title", "relates_to", "risk", "status", "last_review"];
const approvalFields = ["role", "who", "date", "spec_sha256"];

/** In double or single quotes without an escape, or plain: no `: `, no ` #`, no blank at the end. */
const scalar = String.raw`(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9](?:[^\s#:]|(?<=\S)#|:(?=\S)| +(?=[^\s#]))*))`;
const end = "(?: +#.*)?$";
const emptyLine = /^ *(?:#.*)?$/;
const fieldLine = new RegExp(`^([a-z_]+): +${scalar}${end}`);
const listLine = new RegExp(String.raw`^([a-z_]+): +\[([^[\]{}#\\]*)\]${end}`);
const openLine = new RegExp(`^([a-z_]+):${end}`);
const itemLine = new RegExp(`^( *)- +${scalar}${end}`);
const entryLine = new RegExp(`^( *)(- +|)([a-z_0-9]+): +${scalar}${end}`);
const flowEntry = new RegExp(
  String.raw`^( *)- +\{ *role: [^{}[\],"'#&*!|>%@]+, who: (?:"[^"\\{}]*"|[^{}[\],"'#&*!|>%:]+), date: \d{4}-\d{2}-\d{2}, spec_sha256: ("?)[0-9a-f]{64}\2 *\}${end}`,
);
const flowItem = /^(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9._][A-Za-z0-9 ._/*@+-]*))$/;
/** What YAML reads as a number, a truth or nothing. */
const typed = /^(?:[-+]?\.?\d[\d.]*(?:e[-+]?\d+)?|0[xo][0-9a-f]+|true|false|null)$/i;
/** Segments of names and wildcards, none of them empty, `.` or `..`. */
const coverItem = /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[A-Za-z0-9_./*?@+,{}[\]-]+$/;
const slug = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const insidePath = /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$)).{1,4096}$/;

const opening = "---\n";
const closing = "\n---\n";

/**
 * Reads a front matter as people and `task new` write it, or null where it is anything else, or has a fault that can be
 * seen without a parser. It is used only to leave out specs that cover nothing of a change: one that is left out lets
 * nothing through.
 */
export function readPlainHeader(bytes: Buffer): PlainHeader | null {
  if (bytes.toString("latin1", 0, opening.length) !== opening) return null;
  const last = bytes.indexOf(closing, 3);
  if (last < 0) return null;
  const text = bytes.toString("utf8", opening.length, last);
  if (/[^\P{C}\n]|\ufffd/u.test(text)) return null;
  const reading: Reading = { fields: new Map(), lists: new Map(), open: null, indent: null, entry: null };
  for (const line of text.split("\n")) if (!readLine(line, reading)) return null;
  return endEntry(reading) ? soundHeader(reading) : null;
}

interface Reading {
  readonly fields: Map<string, string>;
  readonly lists: Map<string, string[]>;
  /** The list whose items may follow, and how far they are indented. */
  open: string | null;
  indent: number | null;
  /** Fields of the approval that is being read. */
  entry: Set<string> | null;
}

/** False for a line that is not of the plain kind. */
function readLine(line: string, reading: Reading): boolean {
  if (emptyLine.test(line)) return true;
  if (reading.open !== null && /^ *- | /.test(line.slice(0, line.search(/\S/) + 2))) return readInside(line, reading);
  if (!endEntry(reading)) return false;
  reading.open = null;
  const field = fieldLine.exec(line);
  if (field !== null) return setField(reading, field[1] ?? "", field.slice(2));
  const [, name, items] = listLine.exec(line) ?? openLine.exec(line) ?? [];
  if (name === undefined || reading.lists.has(name)) return false;
  const values =
    items === undefined || items.trim() === "" ? [] : items.split(",").map((item) => flowValue(item.trim()));
  if (values.some((value) => value === null)) return false;
  reading.lists.set(
    name,
    values.flatMap((value) => value ?? []),
  );
  reading.open = items === undefined ? name : null;
  reading.indent = null;
  return name === "covers" || name === "owners" || (name === "approvals" && values.length === 0);
}

/** An item of the list that is open, or a field of one. */
function readInside(line: string, reading: Reading): boolean {
  if (reading.open !== "approvals") {
    const [, indent = "", ...value] = itemLine.exec(line) ?? [undefined, ""];
    const text = plainValue(value);
    if (text === null || !isAligned(reading, indent.length)) return false;
    reading.lists.get(reading.open ?? "")?.push(text);
    return true;
  }
  const flow = flowEntry.exec(line);
  if (flow !== null) return endEntry(reading) && isAligned(reading, (flow[1] ?? "").length);
  const [, indent = "", dash = "", name = "", ...value] = entryLine.exec(line) ?? [undefined, "", "", ""];
  if (plainValue(value) === null || !approvalFields.includes(name)) return false;
  if (dash !== "") {
    if (!endEntry(reading) || !isAligned(reading, indent.length)) return false;
    reading.entry = new Set([name]);
    return dash.length === 2;
  }
  if (reading.entry === null || reading.entry.has(name) || indent.length !== (reading.indent ?? 0) + 2) return false;
  reading.entry.add(name);
  return true;
}

/** True where no approval is being read, or the one that is has all its fields. */
function endEntry(reading: Reading): boolean {
  const isWhole = reading.entry === null || reading.entry.size === approvalFields.length;
  reading.entry = null;
  return isWhole;
}

function isAligned(reading: Reading, indent: number): boolean {
  reading.indent ??= indent;
  return reading.indent === indent;
}

function setField({ fields }: Reading, name: string, value: readonly (string | undefined)[]): boolean {
  const text = plainValue(value);
  if (text === null || fields.has(name) || !scalars.includes(name)) return false;
  fields.set(name, text);
  return true;
}

/** Of double quoted, single quoted and plain text, the one that is there; null for what is no text. */
function plainValue([double, single, plain]: readonly (string | undefined)[]): string | null {
  if (plain === undefined) return double ?? single ?? null;
  return typed.test(plain) || plain.endsWith(":") ? null : plain;
}

function flowValue(item: string): string | null {
  const found = flowItem.exec(item);
  return found === null ? null : plainValue(found.slice(1));
}

/** The header, or null where a field is missing or says what it may not. */
function soundHeader({ fields, lists }: Reading): PlainHeader | null {
  const field = (name: string) => fields.get(name) ?? "";
  const covers = lists.get("covers") ?? [];
  const title = field("title").length;
  const isSound =
    slug.test(field("id")) &&
    title > 0 &&
    title <= 200 &&
    insidePath.test(field("relates_to")) &&
    ["low", "medium", "high"].includes(field("risk")) &&
    ["draft", "approved", "done", "superseded"].includes(field("status")) &&
    isDay(field("last_review")) &&
    (lists.get("owners") ?? []).length > 0 &&
    (lists.get("owners") ?? []).every((owner) => owner !== "") &&
    covers.length > 0 &&
    covers.every((glob) => coverItem.test(glob));
  return isSound ? { fields, covers } : null;
}

function isDay(text: string): boolean {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year === undefined) return false;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
}

/**
 * Says whether a glob of a plain header may match one of the paths: whether one lies in the folder that the glob spells
 * out before its first wildcard.
 */
export function compileReach(paths: Iterable<string>): (glob: string) => boolean {
  const folders = new Set<string>();
  for (const path of paths) {
    const normal = path.normalize("NFC");
    folders.add("");
    for (let at = normal.indexOf("/"); at >= 0; at = normal.indexOf("/", at + 1)) folders.add(normal.slice(0, at));
    folders.add(normal);
  }
  return (glob) => {
    const wildcard = glob.search(/[*?[{]/);
    return folders.has(wildcard < 0 ? glob : glob.slice(0, Math.max(0, glob.lastIndexOf("/", wildcard))));
  };
}
