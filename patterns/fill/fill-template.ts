import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { FieldValues } from "../../orchestrator/schema/template-port.ts";
import { asMarkdown, asYaml, plainLine, plainParagraphs } from "./plain-text.ts";
import { fieldPlace, isOfOne, type Template, type TemplateField, type TemplateLine, valueProblem } from "./template.ts";

const valuesMax = 100;

/**
 * The text of a filled template. A value stays text: in front matter it is one YAML value, in Markdown its marks are escaped, and control
 * characters and marks of direction are taken out. A line whose field has no value is left out. Throws `usage`, naming every field that is
 * missing, unknown or malformed.
 */
export function fillTemplate(template: Template, given: FieldValues, today: string): string {
  const values = new Map(
    template.fields.map((field) => [
      field.name,
      valuesOf(field, Object.hasOwn(given, field.name) ? (given[field.name] ?? []) : [], today),
    ]),
  );
  const problems = [
    ...unknownProblems(template, given),
    ...template.fields.flatMap((field) => fieldProblems(field, values)),
  ];
  if (problems.length > 0) throw new OrchestratorError("usage", `template/${template.id}: ${problems.join("; ")}`);
  const kinds = new Map(template.fields.map((field) => [field.name, field]));
  return `${template.lines.flatMap((line) => fillLine(line, kinds, values)).join("\n")}\n`;
}

function valuesOf(field: TemplateField, given: readonly string[], today: string): readonly string[] {
  const plain = given.map(field.kind === "text" ? plainParagraphs : plainLine).filter((value) => value !== "");
  if (plain.length > 0 || field.default === undefined) return plain;
  if (field.kind === "day" && field.default === "today") return [today];
  return [field.default].flat();
}

function unknownProblems({ fields }: Template, given: FieldValues): readonly string[] {
  const unknown = Object.keys(given).filter((name) => !fields.some((field) => field.name === name));
  if (unknown.length === 0) return [];
  return [
    `no field is called ${unknown.map(plainLine).join(", ")}; there are ${fields.map(({ name }) => name).join(", ")}`,
  ];
}

function fieldProblems(field: TemplateField, all: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const values = all.get(field.name) ?? [];
  if (values.length === 0 && field.required) return [`--set ${field.name}=… is missing: ${field.help}`];
  if (values.length > 1 && !field.many) return [`${field.name} is given twice`];
  if (values.length > valuesMax) return [`${field.name} is given ${values.length} times, more than ${valuesMax}`];
  return values.flatMap((value) => {
    const problem = valueProblem(field, value);
    return problem === null ? [] : [`${field.name} ${problem}`];
  });
}

type Fields = ReadonlyMap<string, TemplateField>;
type Values = ReadonlyMap<string, readonly string[]>;

/** The lines that one line becomes: none where a field has no value, one for each value where it asks for that. */
function fillLine(line: TemplateLine, fields: Fields, values: Values): readonly string[] {
  const places = [...line.text.matchAll(fieldPlace)];
  if (places.some(([, name = ""]) => (values.get(name) ?? []).length === 0)) return [];
  const repeated = places.find(isOfOne)?.[1];
  const count = repeated === undefined ? 1 : (values.get(repeated) ?? []).length;
  return Array.from({ length: count }, (_, index) =>
    line.text.replaceAll(fieldPlace, (_place, name: string, part: string | undefined) => {
      if (part === "number") return String(index + 1);
      const field = fields.get(name);
      const meant = values.get(name) ?? [];
      return field === undefined
        ? ""
        : shown(field, part === "each" ? meant.slice(index, index + 1) : meant, line.isYaml, part);
    }),
  );
}

function shown(field: TemplateField, values: readonly string[], isYaml: boolean, part: string | undefined): string {
  if (!isYaml) return values.map((value) => value.split("\n").map(asMarkdown).join("\n")).join(", ");
  const scalars = values.map((value) => (field.kind === "day" ? value : asYaml(value)));
  return field.many && part !== "each" ? `[${scalars.join(", ")}]` : scalars.join("");
}
