// Shows on published packages that a dry run writes nothing, that a second application changes nothing, and that undo leaves every byte as it
// was: for each pattern that needs no settings, by the built command line. Needs a registry or npm's cache; without either it says so and
// ends with 0.
//
//   node scripts/patterns-proof.mjs [package@version …]
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const program = join(root, "dist/bin/codex-orchestrator.mjs");
// One that ships TypeScript and modules, and one that ships CommonJS.
const defaults = ["zod@4.6.7", "webpack@5.90.0"];
const packages = process.argv.length > 2 ? process.argv.slice(2) : defaults;
const work = mkdtempSync(join(tmpdir(), "patterns-proof-"));

try {
  start(["scripts/build.mjs", "--cli"], root);
  const patterns = patternsWithoutSettings();
  let files = 0;
  for (const name of packages) files += prove(name, patterns);
  console.log(`proof: ${files} source files of ${packages.length} packages`);
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

function apply(folder, id, ...flags) {
  return JSON.parse(
    start([program, "patterns", "apply", id, folder, "--format", "json", "--quiet", ...flags], root, [0, 1]).stdout,
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
