import { stringify } from "yaml";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { IngestRequest } from "../../orchestrator/schema/pattern-ingest.ts";
import { fillTemplate } from "../fill/fill-template.ts";
import { plainLine } from "../fill/plain-text.ts";
import { parseTemplate } from "../fill/template.ts";
import type { Draft } from "./draft-codemod.ts";

/** A document as it is after the run. */
export interface ChangedDocument {
  readonly path: string;
  readonly after: string;
  readonly redacted: boolean;
}

/**
 * A template made of one document: its text with its first heading as the one field, and a fixture that fills it. Which other parts are
 * fields, its author says; until the version is raised its test fails.
 */
export function draftTemplate({ id, title, source }: IngestRequest, { path, after, redacted }: ChangedDocument): Draft {
  const heading = plainLine(/^# +(.*)$/m.exec(after)?.[1] ?? title) || id;
  // What looks like a field in the document is none.
  const plain = after.replaceAll("{{", "{ {").trimEnd();
  const body = /^# +\S/m.test(plain) ? plain.replace(/^# +.*$/m, "# {{title}}") : `# {{title}}\n\n${plain}`;
  const text = `${headText(id, title, source.run_id)}${body}\n`;
  const values = { title: heading };
  return {
    files: new Map([
      [`${id}.md`, text],
      [`fixtures/${id}/sample.values.yaml`, stringify(values, { lineWidth: 0 })],
      [`fixtures/${id}/sample.expected.md`, expectedOf(id, text, heading, path)],
    ]),
    fixtures: [{ path, fixture: "sample.values.yaml", redacted }],
    leftOut: [],
  };
}

function expectedOf(id: string, text: string, heading: string, path: string): string {
  try {
    return fillTemplate(parseTemplate(text, `${id}.md`), { title: [heading] }, "2026-01-31");
  } catch (error) {
    throw new OrchestratorError(
      "document_invalid",
      `${path} cannot be made into a template: its title stands in code or in front matter`,
      { cause: error },
    );
  }
}

function headText(id: string, title: string, run: string): string {
  const head = {
    id,
    version: "0.0.0",
    title,
    description: `To be written. Made of the run ${run}.`,
    when: "To be written: when to use it.",
    fields: [{ name: "title", required: true, characters_max: 200, help: "the heading" }],
  };
  return `---\n# A draft: 0.0.0 fails its test. Name the parts that differ as fields; the first version that works is 1.0.0.\n${stringify(head, { lineWidth: 0 })}---\n`;
}
