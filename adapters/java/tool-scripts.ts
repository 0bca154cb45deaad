/** Where Maven keeps what it downloaded, and its own distribution where a wrapper fetched it. */
export const mavenFolder = ".m2";
/** The same of Gradle. */
export const gradleFolder = ".gradle-home";

/** Maven, or its wrapper, on the repository in the tree. `$@` is what it is asked to do. */
export function mavenScript(hasWrapper: boolean): string {
  return [
    `export MAVEN_USER_HOME="$PWD/${mavenFolder}"`,
    `tool() { ${hasWrapper ? "sh ./mvnw" : "mvn"} -B "-Dmaven.repo.local=$PWD/${mavenFolder}" "$@"; }`,
  ].join("\n");
}

/**
 * Downloads all that `mvn test` uses. Which runner the tests have shows only when they are started, so they are, by a "Java" that does
 * nothing; this must fail, so a second call, offline and without compiling, tells whether all is there.
 */
export const mavenInstallScript = `
none="$PWD/${mavenFolder}/no-tests/bin"
mkdir -p "$none"
printf '#!/bin/sh\\nexit 1\\n' > "$none/java"
chmod +x "$none/java"
tool -fn -Dorg.slf4j.simpleLogger.log.org.apache.maven.cli.transfer.Slf4jMavenTransferListener=warn test "-Djvm=$none/java"
tool -q -o test -Dmaven.main.skip=true -Dmaven.test.skip=true
`.trim();

/** Gradle as its wrapper fetched it, with its folder read-only: what it writes goes to the folder that is the first argument. */
export const gradleScript = `
tool=gradle
for found in "$PWD"/${gradleFolder}/wrapper/dists/*/*/*/bin/gradle; do [ ! -x "$found" ] || tool=$found; done
export GRADLE_RO_DEP_CACHE="$PWD/${gradleFolder}/caches" GRADLE_USER_HOME="$1/gradle-home"
cache="$1/gradle-project"
shift
tool() { "$tool" --offline --no-daemon --no-build-cache --console=plain --project-cache-dir "$cache" "$@"; }
`.trim();

const resolveTask = "codexOrchestratorResolve";

const resolveAll = `
allprojects { project ->
  project.tasks.create("${resolveTask}") {
    doLast {
      project.configurations.findAll { it.canBeResolved }.each { it.incoming.artifactView { lenient(true) }.files.files }
    }
  }
}`.trim();

/** Downloads all that the configurations of each project name, and compiles, which fetches what plugins want. */
export function gradleInstallScript(hasWrapper: boolean): string {
  return `
export GRADLE_USER_HOME="$PWD/${gradleFolder}"
mkdir -p "$GRADLE_USER_HOME"
cat > "$GRADLE_USER_HOME/resolve.gradle" <<'END'
${resolveAll}
END
${hasWrapper ? "sh ./gradlew" : "gradle"} --no-daemon --console=plain -I "$GRADLE_USER_HOME/resolve.gradle" ${resolveTask} testClasses
`.trim();
}

/** What `find` passes over: reports among the sources of tests are samples, which nobody wants removed. */
const elsewhere = [
  ...[".git", mavenFolder, gradleFolder, ".gradle", "node_modules"].map((name) => `-name ${name}`),
  ...["*/src/test", "*/src/it"].map((path) => `-path '${path}'`),
].join(" -o ");

/**
 * Runs `tool "$@"` and joins the reports of all modules in the file that is `$0`. Earlier reports are removed first, and the root
 * element is closed last, so that neither a stale report nor a part of one counts.
 */
export function joinedReports(pattern: string): string {
  return `
reports() { find . \\( ${elsewhere} \\) -prune -o -type f -path '${pattern}' "$@"; }
reports -exec rm -f {} + || exit 2
tool "$@"
code=$?
{ echo '<testsuites>'; reports -exec sed '1s/^<?xml[^>]*?>//' {} \\; && echo '</testsuites>'; } > "$0"
exit $code
`.trim();
}
