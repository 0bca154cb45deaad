import { join } from "node:path";
import { listDirectory, readFileIfThere } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { FixtureResult } from "../../orchestrator/schema/pattern-workbench.ts";
import type { CrossFileCodemod } from "../cross-file/cross-file-codemod.ts";
import { createSourceSet } from "../cross-file/source-set.ts";
import { transformSet } from "./transform-set.ts";

const fixtureBytesMax = 1_048_576;

/** A small project before a cross-file codemod, and those of its files that differ after it: none in a `.same.txt`. */
export interface ProjectFixture {
  readonly name: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

/**
 * The fixtures of a cross-file codemod: `<case>.change.txt` and `<case>.same.txt`, each a line `settings: key=value …` where there are some, then
 * every file below a line `-- path --`, and what it becomes below `-- path (after) --`.
 */
export async function readProjectFixtures(folder: string, id: string): Promise<readonly ProjectFixture[]> {
  const fixtures: ProjectFixture[] = [];
  for (const { name } of await listDirectory(join(folder, id))) {
    const text = (await readFileIfThere(join(folder, id, name), fixtureBytesMax))?.toString("utf8") ?? "";
    fixtures.push(parseFixture(name, text));
  }
  return fixtures;
}

/** The project that the text of a fixture holds. Throws `document_invalid` where it is none. */
export function parseFixture(name: string, text: string): ProjectFixture {
  const [head = "", ...parts] = text.split(/^-- (.+?)( \(after\))? --\n/m);
  const [before, after] = [new Map<string, string>(), new Map<string, string>()];
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const [path = "", isAfter, body = ""] = parts.slice(at, at + 3);
    (isAfter === undefined ? before : after).set(path, body);
  }
  const given = /^settings: (.*)$/m.exec(head)?.[1]?.split(" ") ?? [];
  const settings = Object.fromEntries(
    given.map((each) => [each.slice(0, each.indexOf("=")), each.slice(each.indexOf("=") + 1)]),
  );
  const isSound = name.endsWith(".same.txt") ? after.size === 0 : name.endsWith(".change.txt") && after.size > 0;
  if (isSound) return { name, settings, before, after };
  throw new OrchestratorError(
    "document_invalid",
    `${name} is no fixture: a .change.txt says what files become, a .same.txt does not`,
  );
}

/**
 * Runs one fixture, then sees that it can fail: a codemod that forgets one place must not pass, and a project that stays must change once one
 * of its files or lines is left out.
 */
export async function testProject(codemod: CrossFileCodemod, fixture: ProjectFixture): Promise<FixtureResult> {
  const outcome = await changesOf(codemod, fixture, fixture.before);
  const problems: string[] = [];
  if (!isSame(outcome, fixture.after))
    problems.push(`the result differs from what is expected, in ${differing(outcome, fixture.after).join(", ")}`);
  if (fixture.after.size > 0) {
    const again = await changesOf(codemod, fixture, new Map([...fixture.before, ...fixture.after])).catch(
      () => new Map(),
    );
    if (again.size > 0) problems.push("a second application changes it again");
  }
  const { mutants, noticed } =
    fixture.after.size > 0 ? await forgetPlaces(codemod, fixture) : await provoke(codemod, fixture);
  if (fixture.after.size > 0 ? noticed < mutants || mutants === 0 : noticed === 0)
    problems.push("nothing shows that it can fail");
  return { pattern: codemod.id, fixture: fixture.name, problems, mutants, noticed };
}

async function changesOf(
  codemod: CrossFileCodemod,
  { settings }: ProjectFixture,
  texts: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const { changed } = await transformSet(codemod, createSourceSet(texts), "", settings);
  return new Map([...changed].map(([path, { after }]) => [path, after]));
}

function differing(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): readonly string[] {
  return [...new Set([...left.keys(), ...right.keys()])].filter((path) => left.get(path) !== right.get(path));
}

function isSame(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): boolean {
  return differing(left, right).length === 0;
}

async function forgetPlaces(codemod: CrossFileCodemod, fixture: ProjectFixture) {
  const sources = createSourceSet(fixture.before);
  const { rewrites } = await codemod.scan({ sources, folder: "", settings: fixture.settings });
  const places = [...rewrites].flatMap(([path, found]) => found.map((rewrite) => ({ path, rewrite })));
  let noticed = 0;
  for (const forgotten of places) {
    const rest = [...rewrites].map(
      ([path, found]) => [path, found.filter((each) => each !== forgotten.rewrite)] as const,
    );
    const mutant: CrossFileCodemod = { ...codemod, scan: async () => ({ rewrites: new Map(rest), refusals: [] }) };
    const result = await changesOf(mutant, fixture, fixture.before).catch(() => null);
    if (result === null || !isSame(result, fixture.after)) noticed += 1;
  }
  return { mutants: places.length, noticed };
}

async function provoke(codemod: CrossFileCodemod, fixture: ProjectFixture) {
  let mutants = 0;
  for (const texts of smaller(fixture.before)) {
    mutants += 1;
    const changed = await changesOf(codemod, fixture, texts).catch(() => null);
    if (changed !== null && changed.size > 0) return { mutants, noticed: 1 };
  }
  return { mutants, noticed: 0 };
}

function* smaller(texts: ReadonlyMap<string, string>): Generator<ReadonlyMap<string, string>> {
  for (const path of texts.keys()) yield new Map([...texts].filter(([other]) => other !== path));
  for (const [path, text] of texts) {
    const lines = text.split("\n");
    for (const [index] of lines.entries())
      yield new Map([...texts, [path, lines.filter((_, at) => at !== index).join("\n")]]);
  }
}
