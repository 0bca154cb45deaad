import { parse } from "yaml";
import { z } from "zod";
import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";

/** Says of a folder below a project, relative to it, whether the project's own commands take it in. */
export type IsMember = (folder: string, nested: RepositoryReader) => Promise<boolean>;

/**
 * How a project takes in those below it: workspaces of npm, pnpm and yarn whose tests its own script runs, of Cargo and uv, modules of Maven and Gradle, folders that CMake or
 * make go down into. Null where its files say nothing of the kind. What cannot be read takes nothing in.
 */
export async function findMembers(project: RepositoryReader): Promise<IsMember | null> {
  const rules = await Promise.all([npm, pnpm, cargo, uv, maven, gradle, cmake, make].map((rule) => rule(project)));
  const found = rules.filter((rule) => rule !== null);
  if (found.length === 0) return null;
  return async (folder, nested) => {
    for (const rule of found) if (await rule(folder, nested)) return true;
    return false;
  };
}

type Rule = (project: RepositoryReader) => Promise<IsMember | null>;

const Globs = z.array(z.string());
const NpmWorkspaces = z.object({ workspaces: z.union([Globs, z.object({ packages: Globs })]) });
const NpmScripts = z.object({ scripts: z.record(z.string(), z.string()) });
const PnpmWorkspaces = z.object({ packages: Globs });

/** Its workspaces are members where its own tests are theirs as well: of one whose tests the root does not run, nobody else would. */
const npm: Rule = async (project) => ((await runsWorkspaces(project)) ? npmWorkspaces(project) : null);

const pnpm: Rule = async (project) => ((await runsWorkspaces(project)) ? pnpmWorkspaces(project) : null);

/** Says of a folder below a project whether its packages are installed with those of the project; null where none are. */
export async function findWorkspaces(project: RepositoryReader): Promise<IsMember | null> {
  return (await npmWorkspaces(project)) ?? (await pnpmWorkspaces(project));
}

const npmWorkspaces: Rule = async (project) => {
  const { data } = NpmWorkspaces.safeParse(parseAs(JSON.parse, await project.read("package.json")));
  if (data === undefined) return null;
  return byGlobs(Array.isArray(data.workspaces) ? data.workspaces : data.workspaces.packages, ["package.json"]);
};

const pnpmWorkspaces: Rule = async (project) => {
  const text = await project.read("pnpm-workspace.yaml");
  const { data } = PnpmWorkspaces.safeParse(parseAs((yaml) => parse(yaml, { maxAliasCount: 0 }), text));
  return data === undefined ? null : byGlobs(data.packages, ["package.json"]);
};

/** What goes through workspaces: options of npm, pnpm, yarn and bun, and tools that are for it. */
const goesThrough =
  /(?:^|\s)(?:--workspaces?|-ws?|-r|--recursive|--filter|-F)(?=[\s=]|$)|\bworkspaces?\s+(?:foreach|run)\b|\b(?:turbo|nx|lerna|wireit|moon|rush|ultra)\b/;
/** Runners that look for tests in every folder below. */
const looksEverywhere = /\b(?:vitest|jest)\b/;
const levelsMax = 5;

/** True where the script `test`, with those that it names, runs tests below the root too, as far as its words tell. */
async function runsWorkspaces(project: RepositoryReader): Promise<boolean> {
  const { data } = NpmScripts.safeParse(parseAs(JSON.parse, await project.read("package.json")));
  if (data === undefined) return false;
  const { scripts } = data;
  let reached: readonly string[] = Object.keys(scripts).filter((name) => name === "test");
  for (let level = 0; level < levelsMax; level += 1) {
    const words = new Set(reached.flatMap((name) => (scripts[name] ?? "").split(/[\s&|;"']+/)));
    reached = Object.keys(scripts).filter((name) => reached.includes(name) || words.has(name));
  }
  return reached.some((name) => {
    const script = scripts[name] ?? "";
    return goesThrough.test(script) || looksEverywhere.test(script) || isOpenNodeTest(script);
  });
}

/** `node --test` looks everywhere unless it is told where. */
function isOpenNodeTest(script: string): boolean {
  const [, after] = /\bnode\b[^&|;]*\s--test(?=\s|$)([^&|;]*)/.exec(script) ?? [];
  if (after === undefined) return false;
  const places = after.split(/\s+/).filter((word) => word !== "" && !word.startsWith("-"));
  return places.length === 0 || places.some((place) => place.includes("**"));
}

/** Cargo wants each package below a workspace to be a member of it, or excluded. */
const cargo: Rule = async (project) => {
  const text = await project.read("Cargo.toml");
  if (text === null || !/^\s*\[workspace[\].]/m.test(text)) return null;
  const isExcluded = matcherOf(
    stringsIn(/^\s*exclude\s*=\s*\[([^\]]*)\]/m.exec(text)?.[1]).flatMap((glob) => [glob, `${glob}/**`]),
  );
  return async (folder, nested) =>
    !isExcluded(folder) && !/^\s*\[workspace[\].]/m.test((await nested.read("Cargo.toml")) ?? "[workspace]");
};

const uv: Rule = async (project) => {
  const table = /^\s*\[tool\.uv\.workspace\]([^[]*(?:\[[^\]\n]*\][^[]*)*)/m.exec(
    (await project.read("pyproject.toml")) ?? "",
  )?.[1];
  const members = stringsIn(/^\s*members\s*=\s*\[([^\]]*)\]/m.exec(table ?? "")?.[1]);
  return members.length === 0 ? null : byGlobs(members, ["pyproject.toml"]);
};

const maven: Rule = async (project) => {
  const modules = [...((await project.read("pom.xml")) ?? "").matchAll(/<module>\s*([^<\s]+)\s*<\/module>/g)];
  const folders = modules.map(([, module = ""]) => module.replace(/^\.\//, "").replace(/\/(?:pom\.xml)?$/, ""));
  return folders.length === 0
    ? null
    : async (folder) => folders.some((module) => folder === module || folder.startsWith(`${module}/`));
};

const gradle: Rule = async (project) => {
  const hasSettings = async (reader: RepositoryReader) =>
    (await reader.exists("settings.gradle")) || (await reader.exists("settings.gradle.kts"));
  const hasBuild = async (reader: RepositoryReader) =>
    (await reader.exists("build.gradle")) || (await reader.exists("build.gradle.kts"));
  if (!(await hasSettings(project))) return null;
  return async (_folder, nested) => (await hasBuild(nested)) && !(await hasSettings(nested));
};

/** Only a project of its own says which version of CMake it needs. */
const cmake: Rule = async (project) => {
  const text = await project.read("CMakeLists.txt");
  if (text === null) return null;
  const named = [...text.matchAll(/^\s*add_subdirectory\s*\(\s*"?([^\s")]+)/gim)].map(([, folder]) => folder);
  return async (folder, nested) => {
    const below = await nested.read("CMakeLists.txt");
    return below !== null && (named.includes(folder) || !/^\s*cmake_minimum_required\b/im.test(below));
  };
};

const makefiles = ["GNUmakefile", "makefile", "Makefile"];

/** Makefiles below one are mostly its own; what they make is told by no list. */
const make: Rule = async (project) => {
  const has = async (reader: RepositoryReader) => {
    for (const name of makefiles) if (await reader.exists(name)) return true;
    return false;
  };
  if (!(await has(project))) return null;
  return async (_folder, nested) => (await has(nested)) && !(await nested.exists("CMakeLists.txt"));
};

function byGlobs(globs: readonly string[], files: readonly string[]): IsMember {
  const isNamed = matcherOf(globs.filter((glob) => !glob.startsWith("!")));
  const isLeftOut = matcherOf(globs.filter((glob) => glob.startsWith("!")).map((glob) => glob.slice(1)));
  return async (folder, nested) => {
    if (!isNamed(folder) || isLeftOut(folder)) return false;
    const there = await Promise.all(files.map((file) => nested.exists(file)));
    return there.includes(true);
  };
}

const wildcardsMax = 8;

/** Matches folders by globs of `*`, `**`, `?` and `{a,b}`; a glob that is hard to match matches nothing. */
function matcherOf(globs: readonly string[]): (folder: string) => boolean {
  const patterns = globs
    .map((glob) => glob.replace(/^\.\//, "").replace(/\/+$/, ""))
    .filter((glob) => (glob.match(/[*?{]/g) ?? []).length <= wildcardsMax)
    .map(
      (glob) =>
        new RegExp(`^${glob.split("/").map(segmentPattern).join("/").replaceAll("(?:[^/]+/)*/", "(?:[^/]+/)*")}$`),
    );
  return (folder) => patterns.some((pattern) => pattern.test(folder));
}

function segmentPattern(segment: string, at: number, all: readonly string[]): string {
  if (segment === "**") return at === all.length - 1 ? ".+" : "(?:[^/]+/)*";
  const plain = (text: string) =>
    text
      .replace(/[.+^$()|[\]\\{}]/g, "\\$&")
      .replaceAll("*", "[^/]*")
      .replaceAll("?", "[^/]");
  const parts = segment.split(/(\{[^{}]*\})/);
  return parts
    .map((part) =>
      part.startsWith("{") && part.endsWith("}")
        ? `(?:${part.slice(1, -1).split(",").map(plain).join("|")})`
        : plain(part),
    )
    .join("");
}

/** The strings of an array in TOML. */
function stringsIn(array: string | undefined): string[] {
  return [...(array ?? "").matchAll(/"([^"\\\n]*)"|'([^'\n]*)'/g)].map(([, double, single]) => double ?? single ?? "");
}

function parseAs(read: (text: string) => unknown, text: string | null): unknown {
  if (text === null) return undefined;
  try {
    return read(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}
