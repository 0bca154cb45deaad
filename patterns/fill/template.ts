import { z } from "zod";
import { splitFrontMatter } from "../../orchestrator/io/documents/front-matter.ts";
import { type TextSource, yamlFault } from "../../orchestrator/io/documents/strict-yaml.ts";
import { parseYamlDocument } from "../../orchestrator/io/documents/yaml-document.ts";
import { RepositoryPath, Slug } from "../../orchestrator/schema/primitives.ts";

/** What a value may be; `text` alone may have more than one line. */
const FieldKind = z.enum(["line", "text", "slug", "path", "glob", "day", "choice"]);

/** One field of a template. */
const TemplateField = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "lower-case letters, digits and _"),
    help: z.string().min(1).max(300),
    required: z.boolean(),
    kind: FieldKind.default("line"),
    many: z.boolean().default(false).describe("may be given more than once"),
    choices: z.array(z.string().min(1)).default([]),
    characters_max: z.number().int().min(1).max(20_000).optional().describe("of one value"),
    default: z
      .union([z.string(), z.array(z.string())])
      .optional()
      .describe("`today` for a day"),
  })
  .refine(({ required, default: fallback }) => !required || fallback === undefined, "a required field has no default")
  .refine(({ kind, choices }) => (kind === "choice") === choices.length > 0, "`choices` belong to the kind choice")
  .refine(({ many, kind }) => !many || kind !== "text", "a text stands once");
export type TemplateField = z.infer<typeof TemplateField>;

/** The front matter of a template. */
const TemplateHead = z
  .strictObject({
    id: Slug,
    version: z.string().regex(/^\d{1,6}\.\d{1,6}\.\d{1,6}$/, "a version such as 1.0.0"),
    title: z.string().min(1).max(200),
    description: z.string().min(1).max(500),
    when: z.string().min(1).max(1000).describe("when to use it"),
    document: z.enum(["task", "spec"]).optional().describe("what the result is read as; absent: by people alone"),
    fields: z.array(TemplateField).min(1).max(50),
  })
  .refine(({ fields }) => new Set(fields.map(({ name }) => name)).size === fields.length, "a field is named twice");

/** A template: what it says of itself, and the lines that are filled. */
export interface Template extends z.infer<typeof TemplateHead> {
  readonly lines: readonly TemplateLine[];
}

/** One line of a template. */
export interface TemplateLine {
  readonly text: string;
  readonly isYaml: boolean;
}

/** A place of a field in a line: `{{name}}`; `{{name.each}}` for one value of many, `{{name.number}}` for which one it is. */
export const fieldPlace = /\{\{([a-z][a-z0-9_]*)(?:\.(each|number))?\}\}/g;

/**
 * Reads a template: strict YAML front matter, then a Markdown text with places for fields, which may begin with front matter of its own.
 * Throws `document_invalid` naming file and line, also for a place where a value could be read as more than text.
 */
export function parseTemplate(text: string, file: string): Template {
  const source: TextSource = { file, code: "document_invalid" };
  const { yaml, firstLine, body } = splitFrontMatter(text, source);
  const head = parseYamlDocument(TemplateHead, yaml, { ...source, firstLine });
  const all = body.trimEnd().split("\n");
  const start = all.findIndex((line) => line !== "");
  const bodyLine = firstLine + yaml.split("\n").length + 1 + Math.max(0, start);
  const lines = linesOf(all.slice(Math.max(0, start)));
  const fault = (index: number, message: string) => yamlFault(source, bodyLine + index, message);
  checkLines(head.fields, lines, fault);
  return { ...head, lines };
}

function linesOf(texts: readonly string[]): readonly TemplateLine[] {
  const end = texts[0] === "---" ? texts.indexOf("---", 1) : -1;
  return texts.map((text, index) => ({ text, isYaml: index > 0 && index < end }));
}

type Fault = (index: number, message: string) => Error;

function checkLines(fields: readonly TemplateField[], lines: readonly TemplateLine[], fault: Fault): void {
  const used = new Set<string>();
  let isFenced = false;
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:```|~~~)/.test(line.text)) isFenced = !isFenced;
    const places = [...line.text.matchAll(fieldPlace)];
    if (line.text.replaceAll(fieldPlace, "").includes("{{"))
      throw fault(index, "{{ begins no field, such as {{title}}");
    if (places.length > 0 && isFenced) throw fault(index, "a field in a block of code");
    for (const place of places) {
      const field = fields.find(({ name }) => name === place[1]);
      if (field === undefined) throw fault(index, `no field is called ${place[1]}`);
      const problem = placeProblem(field, place, line);
      if (problem !== null) throw fault(index, `{{${field.name}}} ${problem}`);
      used.add(field.name);
    }
    if (new Set(places.filter(isOfOne).map(([, name]) => name)).size > 1)
      throw fault(index, "two fields of which each value gets a line");
  }
  const unused = fields.find(({ name }) => !used.has(name));
  if (unused !== undefined) throw fault(0, `the field ${unused.name} has no place`);
}

/** True for a place that stands for one value of many. */
export function isOfOne([, , part]: RegExpMatchArray): boolean {
  return part !== undefined;
}

/** Why a field may not stand here, or null. */
function placeProblem(field: TemplateField, place: RegExpMatchArray, { text, isYaml }: TemplateLine): string | null {
  const before = text.slice(0, place.index);
  const after = text.slice((place.index ?? 0) + place[0].length);
  if (isOfOne(place) && !field.many) return "is not given more than once";
  if (isYaml && place[2] === "number") return null;
  if (isYaml) {
    return /(?:^|\s)[\w-]+: +$|[[{,] *$|^ *- +$/.test(before) && /^ *(?:$|[,\]}])/.test(after)
      ? null
      : "is not a whole value of the front matter";
  }
  if (field.kind === "text" && text !== place[0]) return "may have many lines, so it stands alone on its line";
  if (/^(?: {4}|\t)/.test(text)) return "stands in a block of code";
  if (before.split("`").length % 2 === 0) return "stands in code";
  return /\]\([^)]*$|<[^>]*$/.test(before) ? "stands in a link or in HTML" : null;
}

/** Why a value is none of its field, or null. The value is plain already. */
export function valueProblem(field: TemplateField, value: string): string | null {
  const most = field.characters_max ?? (field.kind === "text" ? 20_000 : 500);
  if (value.length > most) return `has ${value.length} characters, and may have ${most}`;
  switch (field.kind) {
    case "slug":
      return Slug.safeParse(value).success
        ? null
        : "is letters, digits, '.', '_' and '-', beginning with a letter or a digit";
    case "path":
      return RepositoryPath.safeParse(value).success ? null : "is a relative path inside the repository";
    case "day":
      return z.iso.date().safeParse(value).success ? null : "is a calendar day such as 2026-11-20";
    case "choice":
      return field.choices.includes(value) ? null : `is one of ${field.choices.join(", ")}`;
    default:
      return null;
  }
}
