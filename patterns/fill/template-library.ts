import { basename, join } from "node:path";
import type { Clock } from "../../orchestrator/io/clock.ts";
import { decodeText } from "../../orchestrator/io/documents/decode-text.ts";
import { listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { sha256 } from "../../orchestrator/io/hash.ts";
import { isOrchestratorError, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { PatternSummary } from "../../orchestrator/schema/handoff.ts";
import type { FixtureResult } from "../../orchestrator/schema/pattern-workbench.ts";
import type { TemplateDetails, TemplateLibrary } from "../../orchestrator/schema/template-port.ts";
import { findTemplates } from "../apply/find-shipped.ts";
import type { LibraryShelf } from "../libraries/open-libraries.ts";
import { fillTemplate } from "./fill-template.ts";
import { parseTemplate, type Template, type TemplateField } from "./template.ts";
import { readTemplateFixtures, testTemplate } from "./test-template.ts";
import { placeDocument } from "./write-document.ts";

const templateBytesMax = 65_536;

/** What a library of templates is made from. */
export interface TemplateLibraryParts {
  /** Says what day `today` is, in UTC. */
  readonly clock: Clock;
  /** The libraries that a repository pins; default none. */
  readonly shelf?: () => Promise<LibraryShelf>;
}

/** A template with its hash and where it comes from. */
interface PlacedTemplate {
  readonly id: string;
  readonly template: Template;
  readonly sha256: string;
  readonly library: string | null;
  /** The folder of its fixtures. */
  readonly fixtures: string;
}

/** The templates of this package and of the libraries that are pinned. */
export function createTemplateLibrary(parts: TemplateLibraryParts): TemplateLibrary {
  const today = () => parts.clock.now().toISOString().slice(0, 10);
  return {
    list: async () => (await listTemplates(parts)).map(({ id, template }) => ({ ...summaryOfTemplate(template), id })),
    show: async (id) => showTemplate(await findTemplate(parts, id)),
    fill: async (id, values) => {
      const { template } = await findTemplate(parts, id);
      const { version, document = null } = template;
      return { id, version, document, text: fillTemplate(template, values, today()) };
    },
    place: placeDocument,
    test: async (id) => testAll(id === null ? await shippedTemplates() : [await findTemplate(parts, id)]),
  };
}

/** The templates in a folder beside their `fixtures/`, in the order of their ids. Throws `document_invalid` for a file that is none, or is named otherwise than its id. */
export async function readTemplates(folder: string): Promise<readonly (Template & { readonly sha256: string })[]> {
  const templates: (Template & { readonly sha256: string })[] = [];
  for (const { name } of (await listDirectory(folder)).filter((entry) => entry.name !== "fixtures")) {
    const bytes = (await readFileIfThere(join(folder, name), templateBytesMax)) ?? Buffer.alloc(0);
    templates.push({ ...readTemplate(bytes, join(folder, name)), sha256: sha256(bytes) });
  }
  return templates;
}

function readTemplate(bytes: Buffer, file: string): Template {
  const template = parseTemplate(decodeText(bytes, { file, code: "document_invalid" }), file);
  if (basename(file) === `${template.id}.md`) return template;
  throw new OrchestratorError("document_invalid", `${file} is the template ${template.id}; name it ${template.id}.md`);
}

/** A template as the library lists it. Nobody finds it by a goal: it is filled by whoever wants it. */
export function summaryOfTemplate({ id, version, title, description }: Template): PatternSummary {
  return { id: `template/${id}`, kind: "template", version, title, description, keywords: [] };
}

async function shippedTemplates(): Promise<readonly PlacedTemplate[]> {
  const folder = await findTemplates();
  return (await readTemplates(folder)).map(({ sha256: hash, ...template }) => {
    const fixtures = join(folder, "fixtures", template.id);
    return { id: `template/${template.id}`, template, sha256: hash, library: null, fixtures };
  });
}

/** Those of one pinned library: of the very bytes whose hash is pinned, `templates/<id>.md`. */
async function templatesOf(shelf: LibraryShelf, name: string): Promise<readonly PlacedTemplate[]> {
  const { files, folder } = await shelf.read(name);
  return [...files].flatMap(([path, bytes]) => {
    if (!/^templates\/[^/]+\.md$/.test(path)) return [];
    const template = readTemplate(bytes, `${name}/${path}`);
    const fixtures = join(folder, "templates", "fixtures", template.id);
    return { id: `${name}/template/${template.id}`, template, sha256: sha256(bytes), library: name, fixtures };
  });
}

async function listTemplates({ shelf }: TemplateLibraryParts): Promise<readonly PlacedTemplate[]> {
  const found = [...(await shippedTemplates())];
  const libraries = await shelf?.();
  for (const { name } of libraries?.pins ?? []) {
    if (libraries === undefined) break;
    found.push(...(await templatesOf(libraries, name).catch(noneIfRefused)));
  }
  return found;
}

/** Why a library is not loaded is told where the libraries are listed. */
function noneIfRefused(error: unknown): readonly PlacedTemplate[] {
  if (isOrchestratorError(error, "library_refused")) return [];
  throw error;
}

async function findTemplate({ shelf }: TemplateLibraryParts, id: string): Promise<PlacedTemplate> {
  const library = /^([^/]+)\/template\//.exec(id)?.[1];
  const libraries = library === undefined ? undefined : await shelf?.();
  const templates =
    library === undefined || libraries === undefined ? await shippedTemplates() : await templatesOf(libraries, library);
  const found = templates.find((each) => each.id === id);
  if (found !== undefined) return found;
  const known = templates.map((each) => each.id).join(", ") || "none";
  throw new OrchestratorError("pattern_not_found", `no template is called ${id}; the library has ${known}`);
}

async function testAll(templates: readonly PlacedTemplate[]): Promise<readonly FixtureResult[]> {
  const results: FixtureResult[] = [];
  for (const { id, template, fixtures: folder } of templates) {
    const fixtures = await readTemplateFixtures(folder);
    for (const fixture of fixtures) results.push({ ...testTemplate(template, fixture), pattern: id });
    if (fixtures.length === 0)
      results.push({ pattern: id, fixture: "none", problems: ["it has no fixture"], mutants: 0, noticed: 0 });
  }
  return results;
}

async function showTemplate({
  id,
  template,
  sha256: hash,
  library,
  fixtures,
}: PlacedTemplate): Promise<TemplateDetails> {
  const [fixture] = await readTemplateFixtures(fixtures);
  const required = template.fields.filter((field) => field.required).map(({ name }) => ` --set ${name}=…`);
  return {
    ...summaryOfTemplate(template),
    id,
    sha256: hash,
    library,
    languages: [],
    settings: template.fields.map((field) => ({ name: field.name, required: field.required, help: helpOf(field) })),
    usage: `codex-orchestrator patterns apply ${id}${required.join("")}`,
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
