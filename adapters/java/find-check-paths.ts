import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";
import { findDecidingPaths } from "../find-deciding-paths.ts";

type Reader = Pick<RepositoryReader, "read">;

/** Files from which Gradle, the wrappers and JUnit take what to do. Of a build script nobody can tell which lines decide. */
const configFiles =
  /\.gradle(?:\.kts)?$|(?:^|\/)(?:gradle\.properties|gradlew(?:\.bat)?|mvnw(?:\.cmd)?|gradle-wrapper\.(?:jar|properties)|junit-platform\.properties|testng[^/]*\.xml)$|(?:^|\/)(?:\.mvn|buildSrc)\/|(?:^|\/)META-INF\/services\/org\.junit\./;

const testFiles =
  /(?:^|\/)src\/(?:test|[a-z]+Test)\/|(?:^|\/)[^/]*(?:Tests?|TestCase|Spec|IT)\.(?:java|kt|groovy|scala)$/;

/** Parts of a `pom.xml` that decide the checks; dependencies are none of them. */
const sections = /<(build|profiles|properties|modules|parent|packaging)>[\s\S]*?<\/\1>/g;

/** The changed paths that decide the checks of a Maven or Gradle project. */
export function findCheckPaths(
  changed: readonly ChangedPath[],
  before: Reader,
  after: Reader,
): Promise<readonly string[]> {
  return findDecidingPaths(
    { configFiles, testFiles, manifests: /(?:^|\/)pom\.xml$/, decisionsIn },
    changed,
    before,
    after,
  );
}

function decisionsIn(pom: string): string {
  const plain = pom.replace(/<!--[\s\S]*?-->/g, "");
  return [...plain.matchAll(sections)].map(([text]) => text.replaceAll(/\s+/g, " ")).join("\n");
}
