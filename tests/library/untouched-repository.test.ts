import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRedactor } from "../../orchestrator/io/redact/redactor.ts";
import { createSandbox } from "../../orchestrator/io/sandbox.ts";
import { git } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { pathWithoutSandbox } from "../support/path-without-sandbox.ts";
import { createPlayground, type Playground } from "../support/playground.ts";
import { recipeGoal } from "../support/recipe-task.ts";
import { samplePackage } from "../support/sample-package.ts";

test("in a sandbox, code under test that plants hooks and config wherever they can be reaches no repository, cache or home of the user", async ({
  skip,
}) => {
  const playground = createPlayground(samplePackage);
  if (!(await confinesWrites(playground.environment))) skip("bubblewrap does not work here");
  const { repository, cacheDir, environment } = playground;
  await expectUntouched(playground, environment, [repository, cacheDir, environment["HOME"]]);
});

test("without a sandbox, code under test finds nothing in or beside the clone's own .git that leads to the user's repository", async () => {
  const playground = createPlayground(samplePackage);
  // Nothing keeps a command from a place that it knows, so it only gets what the clone tells it.
  await expectUntouched(playground, { ...playground.environment, PATH: pathWithoutSandbox() }, []);
});

async function expectUntouched(
  playground: Playground,
  environment: Playground["environment"],
  targets: readonly (string | undefined)[],
): Promise<void> {
  const files = { "test/sample.test.js": plantingTest(playground.repository, targets) };
  addFiles(playground, files);
  const before = playground.fingerprint();
  const orchestrator = await playground.orchestrator({ environment });
  const run = await orchestrator.run(recipeGoal);
  const manifest = await run.finished();

  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest.workspace?.enforcement.writes_confined).toBe(targets.length > 0);
  expect(manifest.change?.paths.map(({ path }) => path)).toEqual(["src/paths.js"]);
  expect(playground.fingerprint()).toEqual(before);
  expect(await playground.problems(run.key)).toEqual([]);
}

test("a run that is refused leaves the repository byte for byte as it was", async () => {
  const playground = createPlayground({
    ...samplePackage,
    "test/sample.test.js": 'require("node:test").test("never", () => { throw new Error("no"); });\n',
  });
  const before = playground.fingerprint();
  const run = await (await playground.orchestrator()).run(recipeGoal, {
    budget: { builder_attempts: 1, planner_attempts: 1 },
  });
  expect((await run.finished()).status).toBe("blocked");
  await run.cancel();
  expect(playground.fingerprint()).toEqual(before);
});

test("dependencies come from the user's own folder, and code under test cannot change them there", async () => {
  const playground = createPlayground({
    ...samplePackage,
    ".gitignore": "node_modules/\n",
    "package.json": JSON.stringify({
      name: "sample",
      version: "1.0.0",
      scripts: { test: "node --test test/sample.test.js" },
      dependencies: { tiny: "1.0.0" },
    }),
    "package-lock.json": JSON.stringify({
      name: "sample",
      version: "1.0.0",
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": { name: "sample", version: "1.0.0", dependencies: { tiny: "1.0.0" } },
        "node_modules/tiny": { version: "1.0.0", license: "MIT" },
      },
    }),
    "test/sample.test.js": `
const { test } = require("node:test");
const assert = require("node:assert");
const { appendFileSync } = require("node:fs");
const tiny = require("tiny");
test("uses and spoils its dependency", () => {
  assert.equal(tiny, 42);
  try { appendFileSync(require.resolve("tiny"), "// spoilt"); } catch {}
});
`,
  });
  installTiny(playground.repository);
  const before = playground.fingerprint();
  const run = await (await playground.orchestrator()).run(recipeGoal);
  const manifest = await run.finished();
  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest.workspace?.dependencies).toMatchObject({ lock_file: "package-lock.json" });
  expect(manifest.workspace?.dependencies.method).toBe(
    (await confinesWrites(playground.environment)) ? "linked" : "copied",
  );
  expect(playground.fingerprint()).toEqual(before);
});

test("a detached head, untracked work and names with spaces and beyond ASCII are no obstacle, and only the commit is built on", async () => {
  const odd = "src/größe und – maß/日本 file.js";
  const playground = createPlayground({ ...samplePackage, [odd]: 'const os = require("os");\nexports.os = os;\n' });
  git(playground.repository, "checkout", "-q", "--detach");
  writeFileSync(join(playground.repository, "src/untracked.js"), 'require("fs");\n');
  writeFileSync(join(playground.repository, "src/greet.js"), "a change that is not committed\n");
  const before = playground.fingerprint();
  const run = await (await playground.orchestrator()).run(recipeGoal);
  const manifest = await run.finished();
  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest.repository).toMatchObject({ branch: null, uncommitted_changes: true });
  expect(manifest.change?.paths.map(({ path }) => path)).toEqual([odd, "src/paths.js"]);
  expect(playground.fingerprint()).toEqual(before);
});

/**
 * A test that on its way writes wherever it can, into git folders and into folders that are named; it passes where nothing beside its own
 * files, and nothing in its environment, names the repository.
 */
function plantingTest(repository: string, targets: readonly (string | undefined)[]): string {
  return `
const { execFileSync } = require("node:child_process");
const { mkdirSync, readdirSync, readFileSync, writeFileSync, appendFileSync } = require("node:fs");
const { join } = require("node:path");
const { test } = require("node:test");
const attempt = (work) => { try { work(); } catch {} };
const filesBelow = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
  const place = join(folder, entry.name);
  return entry.isDirectory() ? filesBelow(place) : entry.isFile() ? [place] : [];
});
test("finds no name of the repository", () => {
  const beside = readdirSync("..").filter((name) => name !== "tree").map((name) => join("..", name));
  const places = beside.flatMap((place) => { try { return filesBelow(place); } catch { return [place]; } });
  const read = (place) => { try { return readFileSync(place, "latin1"); } catch { return ""; } };
  const telling = places.filter((place) => read(place).includes(${JSON.stringify(repository)}));
  const variables = Object.keys(process.env).filter((name) => process.env[name].includes(${JSON.stringify(repository)}));
  if (telling.length + variables.length > 0) throw new Error([...telling, ...variables].join());
  if (!places.some((place) => place.endsWith("HEAD"))) throw new Error("looked at nothing");
});
test("plants what it can", () => {
  const follow = (git) => [git, ...readFileSync(join(git, "objects/info/alternates"), "utf8").trim().split("\\n")];
  const named = (work) => { try { return work(); } catch { return []; } };
  const gits = [
    ...named(() => follow(readFileSync(".git", "utf8").trim().slice("gitdir: ".length))),
    ...named(() => follow("../git")),
    ...named(() => [JSON.parse(readFileSync("../clone.json", "utf8")).objectsDirectory ?? ""]),
  ];
  for (const git of gits.filter((path) => path.endsWith("/objects")).map((path) => join(path, ".."))) {
    attempt(() => mkdirSync(join(git, "hooks"), { recursive: true }));
    attempt(() => writeFileSync(join(git, "hooks/pre-commit"), "#!/bin/sh\\nexit 1\\n", { mode: 0o755 }));
    attempt(() => appendFileSync(join(git, "config"), "[core]\\n\\thooksPath = hooks\\n"));
  }
  for (const folder of [".", "..", "../..", ...${JSON.stringify(targets)}]) {
    attempt(() => mkdirSync(join(folder, ".git/hooks"), { recursive: true }));
    for (const hook of ["post-checkout", "pre-commit", "post-commit", "reference-transaction"]) {
      attempt(() => writeFileSync(join(folder, ".git/hooks", hook), "#!/bin/sh\\ntouch /tmp/planted\\nexit 1\\n", { mode: 0o755 }));
    }
    attempt(() => appendFileSync(join(folder, ".git/config"), "[core]\\n\\thooksPath = hooks\\n\\tfsmonitor = false\\n"));
    attempt(() => writeFileSync(join(folder, ".gitattributes"), "* filter=evil\\n"));
    attempt(() => writeFileSync(join(folder, "planted.txt"), "planted"));
  }
  attempt(() => execFileSync("git", ["config", "core.hooksPath", "/tmp"]));
  attempt(() => execFileSync("git", ["config", "--global", "core.hooksPath", "/tmp"]));
  attempt(() => execFileSync("git", ["commit", "--allow-empty", "-m", "mine"]));
});
`;
}

async function confinesWrites(environment: Playground["environment"]): Promise<boolean> {
  const redactor = createRedactor({ scanner: { scan: async () => [] } });
  return (await createSandbox({ redactor, environment })).enforcement(false).writes_confined;
}

function addFiles({ repository }: Playground, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(repository, path), text);
  git(repository, "commit", "-q", "-a", "-m", "more");
}

/** As a package manager leaves it, without asking a registry. */
function installTiny(repository: string): void {
  const folder = join(repository, "node_modules/tiny");
  execFileSync("mkdir", ["-p", folder]);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "tiny", version: "1.0.0", main: "index.js" }));
  writeFileSync(join(folder, "index.js"), "module.exports = 42;\n");
}
