/** What could command a reader's screen or hide: control characters, line and paragraph separators, marks of direction, half characters. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]|(?![\u200c\u200d])\p{Cf}/gu;

/** A value as one line: breaks and runs of blanks become one blank, and what is unsafe to show is taken out. */
export function plainLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(unsafe, "").replaceAll(/ {2,}/g, " ").trim();
}

/** A value as paragraphs of such lines, parted by one empty line. */
export function plainParagraphs(text: string): string {
  return text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map(plainLine)
    .join("\n")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

/** Marks that begin a link, code, emphasis, HTML or an entity anywhere, or a block at the start of a line. */
const marks = /[\\`*[\]<>|~$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)|(?<=^| )#/gu;

/** One line as Markdown that shows just that line: a backslash stands before each mark that would be read as more than text. */
export function asMarkdown(line: string): string {
  return line
    .replaceAll(marks, "\\$&")
    .replace(/^[-+=]/, "\\$&")
    .replace(/^(\d{1,9})([.)])/, "$1\\$2");
}

/** One value of YAML: plain where it can be read in one way only, else as a JSON string, which is a string of YAML too. */
export function asYaml(text: string): string {
  const isPlain = /^[A-Za-z][A-Za-z0-9_./*-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}
