import { type TextSource, yamlFault } from "./strict-yaml.ts";

/** A Markdown text that begins with YAML between two lines of `---`. Line ends are `\n`. */
export interface FrontMatter {
  readonly yaml: string;
  /** The line of the file at which `yaml` begins. */
  readonly firstLine: number;
  readonly body: string;
}

/**
 * Parts a Markdown text. A byte order mark and CRLF are taken as a plain text would be. Throws `source.code` where
 * there is no front matter.
 */
export function splitFrontMatter(text: string, source: TextSource): FrontMatter {
  const lines = text
    .replace(/^\uFEFF/, "")
    .replaceAll(/\r\n?/g, "\n")
    .split("\n");
  if (lines[0] !== "---") throw yamlFault(source, 1, 'no front matter: the first line must be "---"');
  const end = lines.indexOf("---", 1);
  if (end < 0) throw yamlFault(source, lines.length, 'the front matter does not end: a line "---" must close it');
  return { yaml: lines.slice(1, end).join("\n"), firstLine: 2, body: lines.slice(end + 1).join("\n") };
}
