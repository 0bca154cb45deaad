import { basename, dirname, join, sep } from "node:path";
import { decodeText } from "../../orchestrator/io/documents/decode-text.ts";
import { parseYamlDocument } from "../../orchestrator/io/documents/yaml-document.ts";
import { exists, readFileIfThere } from "../../orchestrator/io/files.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { PatternCandidate, stagingFolder } from "../../orchestrator/schema/pattern-ingest.ts";
import type { FixtureResult } from "../../orchestrator/schema/pattern-workbench.ts";
import { type PatternFixture, readFixtures } from "../apply/pattern-fixtures.ts";
import { testFixture } from "../apply/test-pattern.ts";
import type { Codemod } from "../engine/codemod.ts";
import { parseTemplate } from "../fill/template.ts";
import { readTemplateFixtures, testTemplate } from "../fill/test-template.ts";
import { type LibraryFiles, readLibraryFiles } from "../libraries/library-files.ts";
import { loadLibrary } from "../libraries/load-library.ts";
import { type Placement, placeLibrary } from "../libraries/place-library.ts";
import { PatternVersion } from "../versions/pattern-ledger.ts";

const candidateBytesMax = 1_048_576;

/** True for a folder in staging that holds a candidate, whatever it is worth. What was promoted keeps its `candidate.yaml`, and is none. */
export async function isCandidateFolder(folder: string): Promise<boolean> {
  const isStaged = dirname(folder).split(sep).slice(-2).join("/") === stagingFolder;
  return isStaged && (await exists(join(folder, "candidate.yaml")));
}

/** Reads what a folder says of its candidate. Throws `document_invalid`, also where the folder is named otherwise. */
async function readCandidate(folder: string): Promise<PatternCandidate> {
  const file = join(folder, "candidate.yaml");
  const bytes = await readFileIfThere(file, candidateBytesMax);
  if (bytes === null)
    throw new OrchestratorError(
      "document_invalid",
      `${folder} holds no candidate.yaml; name a folder below patterns/staging`,
    );
  const source = { file, code: "document_invalid" } as const;
  const candidate = parseYamlDocument(PatternCandidate, decodeText(bytes, source), source);
  if (basename(folder) === candidate.id) return candidate;
  throw new OrchestratorError(
    "document_invalid",
    `${folder} holds the candidate ${candidate.id}; name the folder after it`,
  );
}

/** A candidate that was tested. */
export interface TestedCandidate {
  readonly candidate: PatternCandidate;
  readonly results: readonly FixtureResult[];
  /** The very files that were tested. */
  readonly tested: LibraryFiles;
}

/**
 * Tests a candidate as a library of one pattern: its code runs from a copy, under the same rules as that of a pinned library, and its fixtures
 * must pass, at least one of them a change. What is wrong is a problem of a result. Throws `document_invalid` for a folder that is no candidate,
 * and `library_refused` for one that holds a link.
 */
export async function testCandidate(folder: string, placement: Placement): Promise<TestedCandidate> {
  const candidate = await readCandidate(folder);
  const { id, kind } = candidate;
  const tested = await readLibraryFiles(folder);
  const failed = (fixture: string, problem: string): FixtureResult => ({
    pattern: id,
    fixture,
    problems: [problem],
    mutants: 0,
    noticed: 0,
  });
  try {
    const run = kind === "template" ? testTemplateIn : testCodemodIn;
    return { candidate, tested, results: await run({ folder, id, tested, placement, failed }) };
  } catch (error) {
    if (!isOrchestratorError(error, "library_refused") && !isOrchestratorError(error, "document_invalid")) throw error;
    return { candidate, tested, results: [failed("candidate", messageOf(error))] };
  }
}

interface CandidateFiles {
  readonly folder: string;
  readonly id: string;
  readonly tested: LibraryFiles;
  readonly placement: Placement;
  readonly failed: (fixture: string, problem: string) => FixtureResult;
}

async function testCodemodIn({ id, tested, placement, failed }: CandidateFiles): Promise<readonly FixtureResult[]> {
  const { placed, codemods } = await loadLibrary(await placeLibrary(candidateLibrary, tested, placement));
  const [codemod] = codemods;
  if (codemod === undefined || codemods.length !== 1 || codemod.id !== `${candidateLibrary}/${id}`)
    throw new OrchestratorError("library_refused", `it must export one codemod, with the id ${id}`);
  const fixtures = await readFixtures(placed.fixtures, id);
  const results = fixtures.map((fixture) => testSafely({ ...codemod, id }, fixture, failed));
  return fixtures.some(({ after }) => after !== null)
    ? results
    : [...results, failed("none", "no fixture shows a change")];
}

/** What a candidate is called as a library, for its copy and for messages. */
const candidateLibrary = "candidate";

function testSafely(codemod: Codemod, fixture: PatternFixture, failed: CandidateFiles["failed"]): FixtureResult {
  try {
    return testFixture(codemod, fixture);
  } catch (error) {
    return failed(fixture.name, messageOf(error));
  }
}

async function testTemplateIn({ folder, id }: CandidateFiles): Promise<readonly FixtureResult[]> {
  const file = join(folder, `${id}.md`);
  const bytes = await readFileIfThere(file, candidateBytesMax);
  if (bytes === null) throw new OrchestratorError("document_invalid", `there is no ${file}`);
  const template = parseTemplate(decodeText(bytes, { file, code: "document_invalid" }), file);
  if (template.id !== id)
    throw new OrchestratorError("document_invalid", `${file} is the template ${template.id}, not ${id}`);
  if (!PatternVersion.safeParse(template.version).success)
    throw new OrchestratorError(
      "document_invalid",
      `${file}: the version ${template.version} marks a draft; the first that works is 1.0.0`,
    );
  const fixtures = await readTemplateFixtures(join(folder, "fixtures", id));
  if (fixtures.length === 0) throw new OrchestratorError("document_invalid", `${folder} has no fixture of it`);
  return fixtures.map((fixture) => testTemplate(template, fixture));
}
