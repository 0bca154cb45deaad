import { SpecFrontMatter, specSubject } from "../gates/spec-policy.ts";
import { splitFrontMatter } from "../io/documents/front-matter.ts";
import type { TextSource } from "../io/documents/strict-yaml.ts";
import { parseYamlDocument } from "../io/documents/yaml-document.ts";
import { hashJson } from "../io/hash.ts";
import { globProblems } from "./glob-problems.ts";

/** A spec, and the hash that an approval of it as it stands must pin. */
export interface SpecFile {
  readonly front_matter: SpecFrontMatter;
  readonly spec_sha256: string;
}

/** Reads the text of a spec. Throws `document_invalid` naming file, line and field. */
export function parseSpecFile(text: string, file: string): SpecFile {
  const source: TextSource = { file, code: "document_invalid" };
  const { yaml, firstLine, body } = splitFrontMatter(text, source);
  const front_matter = parseYamlDocument(SpecFrontMatter, yaml, { ...source, firstLine }, ({ covers }) =>
    globProblems(["covers"], covers),
  );
  const { covers, risk } = front_matter;
  return { front_matter, spec_sha256: hashJson(specSubject({ body, covers, risk })) };
}
