// Shows on published packages that a dry run writes nothing, that a second application changes nothing, and that undo leaves every byte as it
// was: for each pattern that needs no settings, by the built command line. Then, on packages that ship their tests, that these pass as before
// after all patterns were applied. Needs a registry or npm's cache; without either it says so and ends with 0.
//
//   node scripts/patterns-proof.mjs [package@version …]
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "dist/bin/codex-orchestrator.mjs");
// One that ships TypeScript and modules, and one that ships CommonJS.
const defaults = ["zod@4.6.7", "webpack@5.90.0"];
const packages = process.argv.length > 2 ? process.argv.slice(2) : defaults;
// Packages with sources and tests, what their tests need besides, and the programs that are their tests.
const tested = [
  {
    name: "find-my-way@9.3.0",
    needs: ["proxyquire@2.1.3", "rfdc@1.4.1"],
    tests: [["--test", "--test-reporter=tap", "test/"]],
  },
  {
    name: "fastq@1.19.1",
    needs: ["tape@5.9.0", "async@3.2.6", "neo-async@2.6.2"],
    tests: [["test/test.js"], ["test/promise.js"]],
  },
];
// Works on many files at once, and is applied alone.
const crossFile = new Set(["default-to-named-export"]);
const work = mkdtempSync(join(tmpdir(), "patterns-proof-"));

try {
  start(["scripts/build.mjs", "--cli"], root);
  const patterns = patternsWithoutSettings();
  let files = 0;
  for (const name of packages) files += prove(name, patterns);
  console.log(`proof: ${files} source files of ${packages.length} packages`);
  const together = patterns.filter((id) => !crossFile.has(id));
  for (const one of process.argv.length > 2 ? [] : tested) proveTests(one, together);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function patternsWithoutSettings() {
  const listed = JSON.parse(start([program, "patterns", "list", "--format", "json"], root).stdout);
  const ids = listed.patterns.filter(({ kind }) => kind === "codemod").map(({ id }) => id);
  return ids.filter((id) => {
    const shown = JSON.parse(start([program, "patterns", "show", id, "--format", "json"], root).stdout);
    return shown.settings.every(({ required }) => !required);
  });
}

/** Resolves with the number of source files of the package. */
function prove(name, patterns) {
  const folder = unpack(name);
  if (folder === null) return 0;
  let files = 0;
  for (const id of patterns) {
    const before = fingerprint(folder);
    apply(folder, id, "--dry-run");
    expectSame(before, fingerprint(folder), `${name}: a dry run of ${id} writes nothing`);
    const first = apply(folder, id);
    files = Math.max(files, first.files);
    if (first.outcome === "applied") {
      const changed = fingerprint(folder);
      const second = apply(folder, id);
      if (second.changed.length > 0)
        throw new Error(`${name}: a second application of ${id} changes ${second.changed.length} files`);
      expectSame(changed, fingerprint(folder), `${name}: a second application of ${id} writes nothing`);
      start([program, "patterns", "undo", "latest", "--repo", folder], root);
    }
    expectSame(before, fingerprint(folder), `${name}: undo of ${id} leaves every byte as before`);
    const { changed, skipped, seconds, files_per_second: pace } = first;
    console.log(
      `${name}  ${id}: ${changed.length} files changed, ${skipped.length} left alone, ${seconds.toFixed(1)} s, ${pace} files/s`,
    );
  }
  return files;
}

/** The tests of a package before, with all patterns applied to sources and tests, and after undo. */
function proveTests({ name, needs, tests }, patterns) {
  const folder = unpack(name);
  if (folder === null || !install(name, folder, needs)) return;
  const untouched = fingerprint(folder);
  const before = runTests(folder, tests);
  if (before.failed > 0 || before.passed === 0)
    throw new Error(`${name}: its tests do not pass as published: ${before.text}`);
  const { changed, outcome } = apply(folder, patterns);
  if (outcome !== "applied") throw new Error(`${name}: nothing was applied (${outcome})`);
  const after = runTests(folder, tests);
  console.log(
    `${name}  its own tests before: ${before.text}; with ${changed.length} files changed by ${patterns.length} patterns: ${after.text}`,
  );
  if (after.text !== before.text)
    throw new Error(`${name}: its own tests end otherwise after the patterns\n${after.output}`);
  start([program, "patterns", "undo", "latest", "--repo", folder], root);
  expectSame(untouched, fingerprint(folder), `${name}: undo leaves every byte as before`);
}

/** Beside the package, so that its own folder stays as it was published. False where it cannot be fetched. */
function install(name, folder, needs) {
  const { dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const wanted = [...Object.entries(dependencies).map(([dependency, range]) => `${dependency}@${range}`), ...needs];
  writeFileSync(join(folder, "../package.json"), '{ "private": true }');
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  const installed = spawnSync("npm", ["install", ...flags, ...wanted], { cwd: join(folder, ".."), encoding: "utf8" });
  if (installed.status === 0) return true;
  console.log(`${name}: skipped, what its tests need cannot be fetched: ${installed.stderr.trim().split("\n").at(-1)}`);
  return false;
}

/** Counts what the TAP of the test programs says; a program that fails counts as one failure more. */
function runTests(folder, tests) {
  const ended = tests.map((args) =>
    spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 300_000 }),
  );
  const count = (word) => {
    const said = ended.map(({ stdout }) => Number(new RegExp(`^# ${word} +(\\d+)$`, "m").exec(stdout)?.[1] ?? 0));
    return said.reduce((sum, each) => sum + each, 0);
  };
  const passed = count("pass");
  const failed = count("fail") + ended.filter(({ status }) => status !== 0).length;
  return {
    passed,
    failed,
    text: `${passed} passed, ${failed} failed`,
    output: ended.map(({ stdout }) => stdout).join("\n"),
  };
}

function unpack(name) {
  const folder = join(work, name.replaceAll(/\W/g, "-"));
  mkdirSync(folder);
  const packed = spawnSync("npm", ["pack", "--silent", "--prefer-offline", "--pack-destination", folder, name], {
    encoding: "utf8",
    timeout: 120_000,
  });
  if (packed.status !== 0) {
    console.log(`${name}: skipped, it cannot be fetched: ${packed.stderr.trim().split("\n").at(-1)}`);
    return null;
  }
  const unpacked = spawnSync("tar", ["-xzf", join(folder, packed.stdout.trim().split("\n").at(-1)), "-C", folder]);
  if (unpacked.status !== 0) throw new Error(`${name} cannot be unpacked: ${unpacked.stderr}`);
  return join(folder, "package");
}

function apply(folder, ids, ...flags) {
  return JSON.parse(
    start(
      [program, "patterns", "apply", ...[ids].flat(), folder, "--format", "json", "--quiet", ...flags],
      root,
      [0, 1],
    ).stdout,
  );
}

function start(args, cwd, codes = [0]) {
  const ended = spawnSync(process.execPath, args, { cwd, encoding: "utf8", maxBuffer: 1 << 28 });
  if (codes.includes(ended.status)) return ended;
  throw new Error(`node ${args.join(" ")} ended with ${ended.status}\n${ended.stdout}\n${ended.stderr}`);
}

/** Path, mode and hash of every file but our own records. */
function fingerprint(folder) {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const paths = entries
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !relative(folder, path).startsWith(".patterns"));
  return paths
    .sort()
    .map((path) => `${relative(folder, path)} ${createHash("sha256").update(readFileSync(path)).digest("hex")}`);
}

function expectSame(before, after, claim) {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const differing = after.filter((line, index) => line !== before[index]).slice(0, 5);
  throw new Error(`not so: ${claim}\n${differing.join("\n")}`);
}
