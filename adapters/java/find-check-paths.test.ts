import { expect, test } from "vitest";
import { readerOf } from "../adapter.contract.ts";
import { findCheckPaths } from "./find-check-paths.ts";

const changes = (kind: "added" | "modified" | "deleted", ...paths: string[]) =>
  paths.map((path) => ({ path, kind, mode: "100644", insertions: 1, deletions: 1 }));
const none = readerOf({});

test("build scripts, wrappers and the settings of JUnit decide the checks, sources do not", async () => {
  const deciding = [
    ...["app/build.gradle.kts", "settings.gradle", "gradle.properties", "mvnw", ".mvn/maven.config"],
    ...["gradle/wrapper/gradle-wrapper.jar", "src/test/resources/junit-platform.properties", "buildSrc/src/A.kt"],
    "a/src/test/resources/META-INF/services/org.junit.platform.launcher.TestExecutionListener",
  ];
  const changed = changes("added", ...deciding, "src/main/java/a/A.java", "src/test/java/a/ATest.java", "README.md");
  expect(await findCheckPaths(changed, none, none)).toEqual(deciding);
});

test("tests that are gone decide the checks", async () => {
  const tests = [
    "src/test/java/a/Data.java",
    "a/src/integrationTest/kotlin/B.kt",
    "old/ATest.java",
    "old/ASpec.groovy",
  ];
  expect(await findCheckPaths(changes("deleted", ...tests, "src/main/java/a/Latest.java"), none, none)).toEqual(tests);
});

test("a pom.xml decides them where more than its libraries and its version differ", async () => {
  const of = (text: string) => readerOf({ "a/pom.xml": text });
  const before =
    "<project><version>1</version><dependencies><dependency>x</dependency></dependencies><build> <plugins/></build></project>";
  const changed = changes("modified", "a/pom.xml");
  expect(await findCheckPaths(changed, of(before), of(before.replace(">1<", ">2<").replace(">x<", ">y<")))).toEqual([]);
  const skips = before.replace("</project>", "<properties><skipTests>true</skipTests></properties></project>");
  expect(await findCheckPaths(changed, of(before), of(skips))).toEqual(["a/pom.xml"]);
  expect(await findCheckPaths(changed, none, of(before))).toEqual(["a/pom.xml"]);
});
