import { stringify } from "yaml";
import type {
  IngestedText,
  IngestRequest,
  PatternCandidate,
  Proposal,
} from "../../orchestrator/schema/pattern-ingest.ts";
import type { PatternLibrary } from "../../orchestrator/schema/pattern-port.ts";
import { languageOf } from "../engine/parse-source.ts";
import { type ChangedSource, type Draft, draftCodemod } from "./draft-codemod.ts";
import { type ChangedDocument, draftTemplate } from "./draft-template.ts";
import { restOf } from "./known-patterns.ts";

/**
 * Proposes what a run changed as a candidate: changed sources as a codemod to be written, else a document as a template. What known patterns
 * did is left out. The same request gives the same files, to the byte.
 */
export function proposeCandidate(library: PatternLibrary, request: IngestRequest): Proposal {
  const { used, withKnown, changed: all, packages } = request;
  const { changed: rest, explained } = restOf(library, used, all, packages);
  const changed = withKnown ? all : rest;
  const sources = changed.filter(isChangedSource);
  const documents = changed.filter(isDocument);
  const chosen = sources.length > 0 ? sources : documents.slice(0, 1);
  const paths = new Set(chosen.map(({ path }) => path));
  const leftOut = [...request.leftOut, ...changed.filter(({ path }) => !paths.has(path)).map(whyLeftOut)];
  const [document] = documents;
  if (sources.length === 0 && document === undefined)
    return { outcome: "nothing_left", reason: whyNothing(explained), leftOut };
  const draft =
    sources.length > 0 || document === undefined ? draftCodemod(request, sources) : draftTemplate(request, document);
  const candidate = candidateOf(request, sources.length > 0 ? "codemod" : "template", draft, { explained, leftOut });
  const text = stringify(candidate, { lineWidth: 0, aliasDuplicateObjects: false });
  return { outcome: "proposed", candidate, files: new Map([["candidate.yaml", text], ...draft.files]) };
}

function isChangedSource(text: IngestedText): text is ChangedSource {
  return text.before !== null && text.after !== null && text.before !== text.after && languageOf(text.path) !== null;
}

function isDocument(text: IngestedText): text is IngestedText & ChangedDocument {
  return text.after !== null && /\.(?:md|markdown)$/i.test(text.path);
}

function whyLeftOut({ path, before, after }: IngestedText): { path: string; reason: string } {
  if (after === null) return { path, reason: "deleted" };
  if (isDocument({ path, before, after, redacted: false })) return { path, reason: "a document beside the change" };
  if (before === after) return { path, reason: "differs only in what was redacted" };
  return {
    path,
    reason:
      languageOf(path) === null ? "neither a source nor a document" : "added: a codemod changes files that are there",
  };
}

function whyNothing(explained: ReadonlyMap<string, number>): string {
  const ids = [...explained.keys()].join(", ");
  const rest = "what is left is no changed source and no document";
  return ids === "" ? rest : `the changed sources are what ${ids} leads to; ${rest}`;
}

interface Told {
  readonly explained: ReadonlyMap<string, number>;
  readonly leftOut: IngestRequest["leftOut"];
}

function candidateOf(
  { id, source, used }: IngestRequest,
  kind: PatternCandidate["kind"],
  draft: Draft,
  { explained, leftOut }: Told,
): PatternCandidate {
  return {
    version: 1,
    id,
    kind,
    status: "draft",
    source,
    known_patterns: used.map((use) => ({ ...use, files_explained: explained.get(use.id) ?? 0 })),
    fixtures: [...draft.fixtures],
    left_out: [...leftOut, ...draft.leftOut].map(({ path, reason }) => ({ path, reason })),
  };
}
