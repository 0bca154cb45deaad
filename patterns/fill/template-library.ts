import { join } from "node:path";
import type { Clock } from "../../orchestrator/io/clock.ts";
import { decodeText } from "../../orchestrator/io/documents/decode-text.ts";
import { listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { PatternSummary } from "../../orchestrator/schema/handoff.ts";
import type { FixtureResult } from "../../orchestrator/schema/pattern-workbench.ts";
import type { TemplateDetails, TemplateLibrary } from "../../orchestrator/schema/template-port.ts";
import { findTemplates } from "../apply/find-shipped.ts";
import { fillTemplate } from "./fill-template.ts";
import { parseTemplate, type Template, type TemplateField } from "./template.ts";
import { readTemplateFixtures, testTemplate } from "./test-template.ts";
import { placeDocument } from "./write-document.ts";

const templateBytesMax = 65_536;

/** The templates of this package. `clock` says what day `today` is, in UTC. */
export function createTemplateLibrary({ clock }: { readonly clock: Clock }): TemplateLibrary {
  const today = () => clock.now().toISOString().slice(0, 10);
  return {
    list: async () => (await readTemplates(await findTemplates())).map(summaryOfTemplate),
    show: async (id) => showTemplate(await findTemplate(id)),
    fill: async (id, values) => {
      const template = await findTemplate(id);
      const { version, document = null } = template;
      return { id, version, document, text: fillTemplate(template, values, today()) };
    },
    place: placeDocument,
    test: async (id) => testAll(id === null ? await readTemplates(await findTemplates()) : [await findTemplate(id)]),
  };
}

/** The templates in a folder beside their `fixtures/`, in the order of their ids. Throws `document_invalid` for a file that is none, or is named otherwise than its id. */
export async function readTemplates(folder: string): Promise<readonly Template[]> {
  const templates: Template[] = [];
  for (const { name } of (await listDirectory(folder)).filter((entry) => entry.name !== "fixtures")) {
    const file = join(folder, name);
    const bytes = (await readFileIfThere(file, templateBytesMax)) ?? new Uint8Array();
    const template = parseTemplate(decodeText(bytes, { file, code: "document_invalid" }), file);
    if (name !== `${template.id}.md`)
      throw new OrchestratorError(
        "document_invalid",
        `${file} is the template ${template.id}; name it ${template.id}.md`,
      );
    templates.push(template);
  }
  return templates;
}

/** A template as the library lists it. Nobody finds it by a goal: it is filled by whoever wants it. */
export function summaryOfTemplate({ id, version, title, description }: Template): PatternSummary {
  return { id: `template/${id}`, kind: "template", version, title, description, keywords: [] };
}

async function findTemplate(id: string): Promise<Template> {
  const templates = await readTemplates(await findTemplates());
  const found = templates.find((template) => `template/${template.id}` === id);
  if (found !== undefined) return found;
  const known = templates.map((template) => `template/${template.id}`).join(", ");
  throw new OrchestratorError("pattern_not_found", `no template is called ${id}; the library has ${known}`);
}

async function testAll(templates: readonly Template[]): Promise<readonly FixtureResult[]> {
  const results: FixtureResult[] = [];
  for (const template of templates) {
    const fixtures = await readTemplateFixtures(join(await findTemplates(), "fixtures", template.id));
    for (const fixture of fixtures) results.push(testTemplate(template, fixture));
    if (fixtures.length > 0) continue;
    const problems = ["it has no fixture"];
    results.push({ pattern: `template/${template.id}`, fixture: "none", problems, mutants: 0, noticed: 0 });
  }
  return results;
}

async function showTemplate(template: Template): Promise<TemplateDetails> {
  const [fixture] = await readTemplateFixtures(join(await findTemplates(), "fixtures", template.id));
  const required = template.fields.filter((field) => field.required).map(({ name }) => ` --set ${name}=…`);
  return {
    ...summaryOfTemplate(template),
    languages: [],
    settings: template.fields.map((field) => ({ name: field.name, required: field.required, help: helpOf(field) })),
    usage: `codex-orchestrator patterns apply template/${template.id}${required.join("")}`,
    example: null,
    when: template.when,
    sample: fixture?.expected ?? "",
  };
}

function helpOf({ help, many, kind, choices, default: fallback }: TemplateField): string {
  const more = [
    ...(kind === "choice" ? [choices.join(", ")] : kind === "line" ? [] : [`a ${kind}`]),
    ...(many ? ["may be given more than once"] : []),
    ...(fallback === undefined ? [] : [`default ${[fallback].flat().join(", ")}`]),
  ];
  return more.length === 0 ? help : `${help} (${more.join("; ")})`;
}
