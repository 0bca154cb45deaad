import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { CheckGoal } from "../../orchestrator/schema/test-report.ts";
import { readerOf } from "../adapter.contract.ts";
import { runCheck } from "../run-check.test-support.ts";
import { createJavaAdapter } from "./java-adapter.ts";

const parts = {
  junit:
    "<dependencies><dependency><groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><version>5.11.4</version><scope>test</scope></dependency></dependencies>",
  settings:
    "<properties><maven.compiler.source>11</maven.compiler.source><maven.compiler.target>11</maven.compiler.target><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>",
  surefire:
    "<build><pluginManagement><plugins><plugin><artifactId>maven-surefire-plugin</artifactId><version>3.5.2</version></plugin></plugins></pluginManagement></build>",
};
const pom = (own: string) =>
  `<project><modelVersion>4.0.0</modelVersion>${own}${parts.settings}${parts.junit}${parts.surefire}</project>\n`;
const main = pom("<groupId>example</groupId><artifactId>sample</artifactId><version>1</version>");
const code = "package a;\npublic class Sum { public static int add(int x, int y) { return x + y; } }\n";
const testOf = (name: string, body: string) =>
  `package a;\nimport static org.junit.jupiter.api.Assertions.*;\nimport org.junit.jupiter.api.*;\nclass ${name} {\n${body}\n}\n`;
const adds = "  @Test void adds() { assertEquals(3, Sum.add(1, 2)); }\n";
const project = (body: string, more: Readonly<Record<string, string>> = {}) => ({
  "pom.xml": main,
  "src/main/java/a/Sum.java": code,
  ...(body === "" ? {} : { "src/test/java/a/SumTest.java": testOf("SumTest", body) }),
  ...more,
});

const home = mkdtempSync(join(tmpdir(), "java packages "));
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

/** Installs once, as the adapter plans it; says why it cannot where Maven or a registry is missing, and throws for anything else. */
async function install(): Promise<string | null> {
  const version = spawnSync("mvn", ["--version"], { encoding: "utf8" });
  if (version.status !== 0) return "mvn is not installed";
  const files = project(adds);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(home, path, ".."), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  const [program = "", ...args] = (await createJavaAdapter().dependencies(readerOf(files))).install?.argv ?? [];
  const done = spawnSync(program, args, { cwd: home, encoding: "utf8", env: { ...process.env, HOME: home } });
  if (done.status === 0) return null;
  const output = `${done.stdout}${done.stderr}`;
  if (/Unknown host|Could not transfer|Connection (?:refused|timed out)/i.test(output))
    return "no registry can be reached";
  throw new Error(output);
}

const missing = await install();
const check = (files: Readonly<Record<string, string>>, goal: CheckGoal = "test", timeoutMs = 120_000) =>
  runCheck(createJavaAdapter(), { files, goal, timeoutMs, links: { ".m2": join(home, ".m2") } });

describe.skipIf(missing !== null)(missing ?? "maven", () => {
  test("tests that pass are passed, with a skip beside them, in every module; a stale report does not count", async () => {
    const up = "<parent><groupId>example</groupId><artifactId>all</artifactId><version>1</version></parent>";
    const own = (name: string, more = "") =>
      `<project><modelVersion>4.0.0</modelVersion>${up}<artifactId>${name}</artifactId>${more}</project>`;
    const uses =
      "<dependencies><dependency><groupId>example</groupId><artifactId>core</artifactId><version>1</version></dependency></dependencies>";
    const result = await check({
      "pom.xml": pom(
        "<groupId>example</groupId><artifactId>all</artifactId><version>1</version><packaging>pom</packaging><modules><module>core</module><module>app</module></modules>",
      ),
      "core/pom.xml": own("core"),
      "core/src/main/java/a/Sum.java": code,
      "core/src/test/java/a/SumTest.java": testOf("SumTest", `${adds}  @Test @Disabled("later") void later() {}`),
      "app/pom.xml": own("app", uses),
      "app/src/test/java/a/AppTest.java": testOf("AppTest", adds),
      "app/target/surefire-reports/TEST-a.Stale.xml":
        '<testsuite name="a.Stale" tests="1"><testcase name="old" classname="a.Stale"><failure/></testcase></testsuite>',
    });
    expect(result).toMatchObject({
      ...{ verdict: "passed", report: "surefire-junit", counts: { passed: 2, skipped: 1 } },
      not_passed: [{ suite: "a.SumTest", name: "later", message: "later" }],
    });
  });

  test("tests that fail, raise, take too long or are never set up fail the check", async () => {
    const body = `${adds}  @Test void fails() { assertEquals(3, Sum.add(1, 1)); }
  @Test void raises() { throw new IllegalStateException("no"); }
  @Test @Timeout(1) void slow() throws Exception { Thread.sleep(20000); }`;
    const setup = testOf("SetupTest", '  @BeforeAll static void base() { fail("no base"); }\n  @Test void never() {}');
    const result = await check(project(body, { "src/test/java/a/SetupTest.java": setup }));
    expect(result).toMatchObject({
      verdict: "failed",
      exit_code: 1,
      counts: { passed: 1, failed: 2, error: 1, timeout: 1 },
    });
    expect(result.not_passed).toContainEqual(expect.objectContaining({ suite: "a.SetupTest", name: "the class" }));
  });

  test.each([
    ["leaves with 0", "  @Test void leaves() { Runtime.getRuntime().halt(0); }", { crashed: 1 }],
    ["does not compile", "  @Test void never() { int x = ; }", { error: 1 }],
    ["is only skipped", '  @Test @Disabled("later") void later() {}', { skipped: 1 }],
  ])("a test that %s fails the check", async (_, body, counts) => {
    expect(await check(project(body))).toMatchObject({ verdict: "failed", counts });
  });

  test("failures that the build is told to ignore, no tests, and a test that hangs, are never green", async () => {
    const ignoring = main.replace(
      "</properties>",
      "<maven.test.failure.ignore>true</maven.test.failure.ignore></properties>",
    );
    const ignored = await check({ ...project("  @Test void fails() { fail(); }"), "pom.xml": ignoring });
    expect(ignored).toMatchObject({ verdict: "failed", exit_code: 0, counts: { failed: 1 } });
    expect(await check(project(""))).toMatchObject({ verdict: "failed", exit_code: 0, counts: {} });
    const hangs = await check(project("  @Test void hangs() { while (true); }"), "test", 25_000);
    expect(hangs).toMatchObject({ verdict: "failed", status: "timed_out" });
  });

  test("a build passes or fails by its exit code, tests compiled with it", async () => {
    expect(await check(project(adds), "build")).toMatchObject({ verdict: "passed" });
    expect(await check(project("  int x = ;"), "build")).toMatchObject({ verdict: "failed", exit_code: 1 });
  });
});

const hasGradle = spawnSync("gradle", ["--version"]).status === 0;
test.skipIf(!hasGradle)(
  hasGradle ? "gradle compiles a project without libraries" : "gradle is not installed",
  async () => {
    const files = {
      "settings.gradle": "rootProject.name = 'sample'\n",
      "build.gradle": "plugins { id 'java' }\n",
      "src/main/java/a/Sum.java": code,
    };
    const adapter = createJavaAdapter();
    expect(await runCheck(adapter, { files, goal: "build", timeoutMs: 300_000 })).toMatchObject({ verdict: "passed" });
    const empty = await runCheck(adapter, { files, goal: "test", timeoutMs: 300_000 });
    expect(empty).toMatchObject({ verdict: "failed", exit_code: 0, counts: {} });
  },
);
