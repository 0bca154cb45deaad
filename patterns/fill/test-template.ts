import { join } from "node:path";
import { z } from "zod";
import { parseYamlDocument } from "../../orchestrator/io/documents/yaml-document.ts";
import { listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { FixtureResult } from "../../orchestrator/schema/pattern-workbench.ts";
import type { FieldValues } from "../../orchestrator/schema/template-port.ts";
import { fillTemplate } from "./fill-template.ts";
import type { Template } from "./template.ts";

const fixtureBytesMax = 262_144;
/** The day that fixtures are filled on. */
const fixtureDay = "2026-01-31";

/** Sample values of a template, and the text that they must lead to. */
export interface TemplateFixture {
  readonly name: string;
  readonly values: FieldValues;
  readonly expected: string;
}

const SampleValues = z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]));

/** The fixtures of a template: `<case>.values.yaml` with `<case>.expected.md`. Throws `document_invalid` for a file that is neither. */
export async function readTemplateFixtures(folder: string): Promise<readonly TemplateFixture[]> {
  const names = (await listDirectory(folder)).map(({ name }) => name);
  const fixtures: TemplateFixture[] = [];
  for (const name of names) {
    const [, start = "", kind] = /^(.+)\.(values\.yaml|expected\.md)$/.exec(name) ?? [];
    const partner = `${start}.${kind === "expected.md" ? "values.yaml" : "expected.md"}`;
    if (kind === undefined || !names.includes(partner))
      throw new OrchestratorError("document_invalid", `${join(folder, name)} is no fixture: it has no counterpart`);
    if (kind === "expected.md") continue;
    const source = { file: join(folder, name), code: "document_invalid" } as const;
    const values = parseYamlDocument(SampleValues, await read(folder, name), source);
    fixtures.push({
      name,
      values: Object.fromEntries(Object.entries(values).map(([field, value]) => [field, [value].flat()])),
      expected: await read(folder, partner),
    });
  }
  return fixtures;
}

async function read(folder: string, name: string): Promise<string> {
  return (await readFileIfThere(join(folder, name), fixtureBytesMax))?.toString("utf8") ?? "";
}

/**
 * Fills one fixture and compares to the byte. Then sees that it can fail: without a required field, and with an unknown one, filling must be
 * refused by that name, and each other value must show in the text.
 */
export function testTemplate(template: Template, { name, values, expected }: TemplateFixture): FixtureResult {
  const fill = (given: FieldValues) => fillOrRefuse(template, given);
  const problems =
    fill(values) === expected ? [] : [`the text differs from what is expected: ${difference(fill(values), expected)}`];
  const mutants = [
    ...template.fields
      .filter(({ required }) => required)
      .map((field) =>
        fill({ ...values, [field.name]: [] }).startsWith(
          `refused: template/${template.id}: --set ${field.name}=… is missing`,
        ),
      ),
    fill({ ...values, no_such_field: ["x"] }).includes("no field is called no_such_field"),
    ...template.fields.map(
      (field) => fill({ ...values, [field.name]: [...(values[field.name] ?? []).slice(1), "other"] }) !== expected,
    ),
  ];
  const noticed = mutants.filter(Boolean).length;
  return {
    pattern: `template/${template.id}`,
    fixture: name,
    problems:
      noticed < mutants.length ? [...problems, "a field that is missing, unknown or other does not show"] : problems,
    mutants: mutants.length,
    noticed,
  };
}

function fillOrRefuse(template: Template, values: FieldValues): string {
  try {
    return fillTemplate(template, values, fixtureDay);
  } catch (error) {
    if (isOrchestratorError(error, "usage")) return `refused: ${messageOf(error)}`;
    throw error;
  }
}

function difference(text: string, expected: string): string {
  if (text.startsWith("refused: ")) return text;
  const [lines, others] = [text.split("\n"), expected.split("\n")];
  return `line ${lines.findIndex((line, index) => line !== others[index]) + 1 || lines.length + 1}`;
}
