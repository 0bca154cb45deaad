/** What the first lines of a spec say, read without a YAML parser. */
export interface PlainHeader {
  readonly fields: ReadonlyMap<string, string>;
  readonly covers: readonly string[];
}

const fieldLine = /^([a-z_]+): +(?:"([^"\\]*)"|'([^']*)'|([A-Za-z0-9][A-Za-z0-9 ._/@+-]*))$/;
const coversLine = /^covers: +\[([A-Za-z0-9_.*/, "-]+)\]$/;
/** Segments of names and stars, none of them empty, `.` or `..`. */
const coverItem = /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[A-Za-z0-9_./*-]+$/;
/** Lists that say nothing of what a spec covers. */
const otherLine = /^(?:owners: +\[[A-Za-z0-9 ,._@"-]*\]|approvals:(?: +\[\])?| +- \{[^{}]*\})$/;

const opening = "---\n";
const closing = "\n---\n";

/**
 * Reads a front matter of the plainest kind, or null where it is anything else. It is used only to leave out specs that
 * cover nothing of a change: one that is left out lets nothing through.
 */
export function readPlainHeader(bytes: Buffer): PlainHeader | null {
  if (bytes.toString("latin1", 0, opening.length) !== opening) return null;
  const end = bytes.indexOf(closing, 3);
  if (end < 0) return null;
  const fields = new Map<string, string>();
  let covers: readonly string[] | null = null;
  for (const line of bytes.toString("utf8", opening.length, end).split("\n")) {
    const field = fieldLine.exec(line);
    const list = field === null ? coversLine.exec(line) : null;
    if (field !== null) {
      const [, name = "", double, single, plain] = field;
      if (fields.has(name) || name === "covers") return null;
      fields.set(name, double ?? single ?? plain ?? "");
    } else if (list !== null) {
      if (covers !== null) return null;
      covers = (list[1] ?? "").split(",").map((item) => item.trim().replace(/^"([^"]*)"$/, "$1"));
      if (!covers.every((item) => coverItem.test(item))) return null;
    } else if (!otherLine.test(line)) return null;
  }
  return covers === null || !fields.has("id") ? null : { fields, covers };
}

/**
 * Says whether a glob of a plain header, which has no other wildcard than stars, may match one of the paths: whether one
 * lies in the folder that the glob spells out.
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
    const star = glob.indexOf("*");
    return folders.has(star < 0 ? glob : glob.slice(0, Math.max(0, glob.lastIndexOf("/", star))));
  };
}
