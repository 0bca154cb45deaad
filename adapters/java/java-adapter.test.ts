import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { describeAdapter, outcomeOf, readerOf, type SampleFiles } from "../adapter.contract.ts";
import { createJavaAdapter } from "./java-adapter.ts";
import { joinedReports } from "./tool-scripts.ts";

const fixture = (name: string) => readFileSync(new URL(`../reports/fixtures/${name}`, import.meta.url), "utf8");
const pom = "<project><artifactId>sample</artifactId></project>";
const reactor = {
  "pom.xml":
    "<project><artifactId>all</artifactId><modules><module>a</module><!-- <module>no</module> --></modules></project>",
  "a/pom.xml": "<project><artifactId>a</artifactId><modules><module>../b/other.xml</module></modules></project>",
};
const gradle = { "settings.gradle.kts": 'include("app", ":lib:core")\n', "app/build.gradle.kts": "" };
const wrapped = { ...gradle, gradlew: "", "gradle/wrapper/gradle-wrapper.properties": "" };
const goals = ["build", "test"] as const;

describeAdapter("the Java adapter", createJavaAdapter, {
  projects: [
    { name: "one module of Maven", files: { "pom.xml": pom }, goals, installs: true },
    { name: "modules of Maven with a wrapper", files: { ...reactor, mvnw: "" }, goals, installs: true },
    { name: "modules of Gradle", files: gradle, goals, installs: true },
    {
      name: "Gradle with a wrapper and a lock file",
      files: { ...wrapped, "gradle.lockfile": "" },
      goals,
      installs: true,
    },
  ],
  reports: [
    { name: "surefire", files: { "pom.xml": pom }, passing: fixture("surefire-3-passed.xml") },
    { name: "Gradle", files: gradle, passing: fixture("surefire-3-passed.xml") },
  ],
});

test.each<[string, SampleFiles, readonly string[]]>([
  [
    "Maven",
    { "pom.xml": `<parent><artifactId>up</artifactId></parent>${pom}` },
    ["pom.xml: Maven, the artifact sample"],
  ],
  ["its modules", reactor, ["pom.xml: Maven, the artifact all", "pom.xml: 1 modules"]],
  ["Gradle", gradle, ["settings.gradle.kts: Gradle"]],
  ["its wrapper", wrapped, ["settings.gradle.kts: Gradle", "gradlew: its wrapper"]],
  ["Maven beside Gradle", { ...gradle, "pom.xml": pom }, ["pom.xml: Maven, the artifact sample"]],
  [
    "Gradle with a wrapper beside Maven",
    { ...wrapped, "pom.xml": pom },
    ["settings.gradle.kts: Gradle", "gradlew: its wrapper"],
  ],
])("%s is told with its evidence", async (_, files, evidence) => {
  expect(await createJavaAdapter().detect(readerOf(files))).toMatchObject({ adapter: "java", roots: ["."], evidence });
});

test("another build file of any module is another installation, other sources are not", async () => {
  const installOf = async (files: SampleFiles) =>
    (await createJavaAdapter().dependencies(readerOf(files))).install?.argv;
  for (const files of [reactor, gradle]) {
    const first = await installOf(files);
    expect(await installOf({ ...files, "src/A.java": "" })).toEqual(first);
    for (const [path, text] of Object.entries(files))
      expect(await installOf({ ...files, [path]: `${text} ` })).not.toEqual(first);
  }
});

test("the tool comes from the wrapper where there is one, without the network, from the folder in the tree", async () => {
  const scriptOf = async (files: SampleFiles) => {
    const plan = await createJavaAdapter().plan(readerOf(files), "test", "/reports");
    return plan?.argv.join("\n");
  };
  expect(await scriptOf({ "pom.xml": pom })).toMatch(
    /mvn -B "-Dmaven.repo.local=\$PWD\/\.m2" "\$@"[\s\S]*\n-o\n-fae\ntest$/,
  );
  expect(await scriptOf({ "pom.xml": pom, mvnw: "" })).toContain("sh ./mvnw -B");
  expect(await scriptOf(gradle)).toMatch(/--offline[\s\S]*\n\/reports\n--continue\ntest$/);
});

test("a process that died and sources that do not compile are told by the output, and only where the command failed", async () => {
  const { plan, read } = createJavaAdapter();
  const testPlan = await plan(readerOf({ "pom.xml": pom }), "test", "/reports");
  if (testPlan === null) throw new Error("there is no plan");
  const report = fixture("surefire-3-passed.xml");
  const crash = `[ERROR] The forked VM terminated without properly saying goodbye. VM crash or System.exit called?\n[ERROR] Crashed tests:\n[ERROR] a.CrashTest\n[ERROR] org.apache: x\n`;
  const failed = (outputTail: string) => read(testPlan, outcomeOf({ exitCode: 1, outputTail }), report);
  expect(failed(crash)).toMatchObject({
    counts: { passed: 1, crashed: 1 },
    not_passed: [{ suite: "a.CrashTest" }, {}],
  });
  const compiler = "[ERROR] COMPILATION ERROR : \n[ERROR] /project/src/A.java:[1,19] illegal start of expression\n";
  expect(failed(compiler)).toMatchObject({
    counts: { error: 1 },
    not_passed: [{ message: expect.stringContaining("[1,19]") }, {}],
  });
  expect(failed("")).toMatchObject({ verdict: "failed", counts: { passed: 1, skipped: 1 } });
  expect(read(testPlan, outcomeOf({ outputTail: crash }), report)).toMatchObject({ verdict: "passed" });
});

test("reports of before are removed, and samples of reports among the sources of tests are neither removed nor read", async () => {
  const root = await mkdtemp(join(tmpdir(), "java reports "));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const stale = "a/target/surefire-reports/TEST-old.xml";
  const sample = "a/src/test/resources/target/surefire-reports/TEST-sample.xml";
  for (const path of [stale, sample]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), `<testsuite name="${path}"/>`);
  }
  const script = `tool() { :; }\n${joinedReports("*/target/surefire-reports/TEST-*.xml")}`;
  await promisify(execFile)("sh", ["-c", script, join(root, "report.xml")], { cwd: root });
  expect(await readFile(join(root, "report.xml"), "utf8")).toBe("<testsuites>\n</testsuites>\n");
  expect(await readFile(join(root, sample), "utf8")).toContain(sample);
  await expect(readFile(join(root, stale))).rejects.toMatchObject({ code: "ENOENT" });
});
