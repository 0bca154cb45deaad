import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";

export type JavaBuildTool = "maven" | "gradle";

/** What the root of a repository has of Maven or Gradle. */
export interface JavaProject {
  readonly tool: JavaBuildTool;
  /** True where the repository brings the script that fetches its own version of the tool. */
  readonly hasWrapper: boolean;
  /** The file at the root by which the tool is told. */
  readonly mainFile: string;
  readonly evidence: readonly string[];
  /** The text of each file that decides what is downloaded, by its path: those of the modules as well. */
  readonly buildFiles: ReadonlyMap<string, string>;
}

const modulesMax = 500;

const gradleFiles = ["build.gradle.kts", "build.gradle", "settings.gradle.kts", "settings.gradle"] as const;

/** Files beside the build scripts that decide what Gradle downloads. */
const gradleSettings = [
  "gradle.properties",
  "gradle.lockfile",
  "gradle/libs.versions.toml",
  "gradle/wrapper/gradle-wrapper.properties",
  "buildSrc/build.gradle.kts",
  "buildSrc/build.gradle",
] as const;

/** What tells the tool of a repository, Maven before Gradle unless Gradle alone has a wrapper; null where it has neither. */
export async function findJavaTool(repository: RepositoryReader): Promise<Omit<JavaProject, "buildFiles"> | null> {
  const names = new Set(await repository.list("."));
  const gradleFile = gradleFiles.find((name) => names.has(name));
  const isMaven = names.has("pom.xml") && (gradleFile === undefined || names.has("mvnw") || !names.has("gradlew"));
  if (isMaven) return mavenTool(names, (await repository.read("pom.xml")) ?? "");
  if (gradleFile === undefined) return null;
  const hasWrapper = names.has("gradlew") && (await repository.exists("gradle/wrapper/gradle-wrapper.properties"));
  const evidence = [`${gradleFile}: Gradle`, ...(hasWrapper ? ["gradlew: its wrapper"] : [])];
  return { tool: "gradle", hasWrapper, mainFile: gradleFile, evidence };
}

function mavenTool(names: ReadonlySet<string>, pom: string): Omit<JavaProject, "buildFiles"> {
  const hasWrapper = names.has("mvnw");
  const artifact = /<artifactId>\s*([^<\s]+)\s*<\/artifactId>/.exec(pom.replace(/<parent>[\s\S]*?<\/parent>/, ""))?.[1];
  const modules = modulesOf(pom).length;
  const evidence = [
    artifact === undefined ? "pom.xml: Maven" : `pom.xml: Maven, the artifact ${artifact}`,
    ...(modules > 0 ? [`pom.xml: ${modules} modules`] : []),
    ...(hasWrapper ? ["mvnw: its wrapper"] : []),
  ];
  return { tool: "maven", hasWrapper, mainFile: "pom.xml", evidence };
}

/** As `findJavaTool`, with the files of all modules. */
export async function readJavaProject(repository: RepositoryReader): Promise<JavaProject | null> {
  const found = await findJavaTool(repository);
  if (found === null) return null;
  const buildFiles = found.tool === "maven" ? await mavenFiles(repository) : await gradleBuildFiles(repository);
  return { ...found, buildFiles };
}

async function mavenFiles(repository: RepositoryReader): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const waiting = ["pom.xml"];
  for (let path = waiting.pop(); path !== undefined && files.size < modulesMax; path = waiting.pop()) {
    const text = files.has(path) ? null : await repository.read(path);
    if (text === null) continue;
    files.set(path, text);
    const folder = path.slice(0, -"pom.xml".length);
    waiting.push(...modulesOf(text).map((module) => pomOf(`${folder}${module}`)));
  }
  for (const path of [".mvn/maven.config", ".mvn/extensions.xml", ".mvn/wrapper/maven-wrapper.properties"])
    files.set(path, (await repository.read(path)) ?? "");
  return files;
}

/** A module is a folder, or the file itself. */
function pomOf(module: string): string {
  const path = module.replace(/\/$/, "");
  return path.endsWith(".xml") ? path : `${path}/pom.xml`;
}

function modulesOf(pom: string): readonly string[] {
  const plain = pom.replace(/<!--[\s\S]*?-->/g, "");
  return [...plain.matchAll(/<module>\s*([^<]+?)\s*<\/module>/g)].flatMap(([, name]) =>
    name === undefined ? [] : [name],
  );
}

async function gradleBuildFiles(repository: RepositoryReader): Promise<ReadonlyMap<string, string>> {
  const settings = (await repository.read("settings.gradle.kts")) ?? (await repository.read("settings.gradle")) ?? "";
  const folders = [...settings.matchAll(/["']:?([\w.-]+(?:[:/][\w.-]+)*)["']/g)].flatMap(([, name]) =>
    name === undefined ? [] : [name.replaceAll(":", "/")],
  );
  const modules = [...new Set(folders)]
    .slice(0, modulesMax)
    .flatMap((folder) => [`${folder}/build.gradle.kts`, `${folder}/build.gradle`, `${folder}/gradle.lockfile`]);
  const files = new Map<string, string>();
  for (const path of [...gradleFiles, ...gradleSettings, ...modules]) {
    const text = await repository.read(path);
    if (text !== null) files.set(path, text);
  }
  return files;
}
