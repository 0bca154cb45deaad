// Uses the package as a team gets it: packs it, installs the tarball in an empty folder, runs the CLI there on a small repository, and
// type-checks and runs a script that imports the library. Needs the npm cache that `npm ci` filled, or a registry.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const work = realpathSync(mkdtempSync(join(tmpdir(), "codex-orchestrator-smoke-")));
const consumer = join(work, "consumer");
const repository = join(work, "repository with a space");

const files = {
  "package.json": JSON.stringify({ name: "small", version: "1.0.0", private: true, scripts: { test: "node --test" } }),
  "package-lock.json": JSON.stringify({
    name: "small",
    version: "1.0.0",
    lockfileVersion: 3,
    requires: true,
    packages: {},
  }),
  "src/read.js": "const fs = require('fs');\nexports.read = (file) => fs.readFileSync(file, 'utf8');\n",
  "test/read.test.js":
    "const { test } = require('node:test');\nconst { equal } = require('node:assert');\n" +
    "test('reads itself', () => equal(require('../src/read.js').read(__filename).slice(0, 5), 'const'));\n",
};

const typed = `
import { createOrchestrator } from "codex-orchestrator";
import { isOrchestratorError, type RunManifest, TaskSpec } from "codex-orchestrator/schema";
import * as adapters from "codex-orchestrator/adapters";
import * as gates from "codex-orchestrator/gates";
import * as patterns from "codex-orchestrator/patterns";
import * as runs from "codex-orchestrator/runs";
import byDefault, { eslintPlugin } from "codex-orchestrator/eslint-plugin";

const repository: string = process.argv[2] ?? ".";
const orchestrator = await createOrchestrator({ repository, model: "recipe" });
const run = await orchestrator.run({ goal: "Use the node: protocol", recipe: ["node-protocol"], scope: { include: ["src/**"], exclude: [] } });
const seen: string[] = [];
for await (const event of run.events) seen.push(event.event);
const manifest: RunManifest = await run.finished();
if (manifest.status !== "passed") throw new Error(manifest.status_detail);
if (!seen.includes("run_finished")) throw new Error(seen.join());
if (isOrchestratorError(null) || TaskSpec.safeParse({}).success) throw new Error("the schemas do not work");
for (const part of [adapters, gates, patterns, runs]) if (Object.keys(part).length === 0) throw new Error("an entry is empty");
if (byDefault !== eslintPlugin || eslintPlugin.meta.version === "" || Object.keys(eslintPlugin.rules).length < 6) throw new Error("no lint rules");
// @ts-expect-error a model is a name or a function
void (() => createOrchestrator({ model: 1 }));
console.log("typed import: " + manifest.status);
`;

const ownPatterns = `
import { needsNode, resolveName } from "codex-orchestrator/patterns";
const names = (source) =>
  source.nodesOfType("Identifier").filter(({ node, scope }) => node.name === "file" && resolveName(scope, "file").kind === "bound");
export const codemods = [{
  id: "read-file", version: "1.0.0", title: "path for file", description: "Calls the file that is read a path.", keywords: ["path over file"],
  languages: ["javascript"], prefilter: (text) => text.includes("file"), 
  preconditions: [(facts, path) => (needsNode("18.0")(facts, path) === null ? "it says which Node it needs" : null)],
  scan: (source) => ({
    rewrites: names(source).map(({ node: { start, end } }) => ({ at: start, reason: "named path", splices: [{ start, end, text: "path" }] })),
    refusals: [],
  }),
}];
`;

try {
  install();
  makeRepository();
  useCli();
  useLibrary();
  usePatternLibrary();
  console.log("smoke: the installed package works");
} finally {
  rmSync(work, { recursive: true, force: true });
}

function install() {
  mkdirSync(consumer);
  const packed = run("npm", ["pack", "--silent", "--pack-destination", work], { cwd: root });
  const tarball = join(work, packed.stdout.trim().split("\n").at(-1));
  writeFileSync(join(consumer, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", tarball], {
    cwd: consumer,
  });
}

function makeRepository() {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  run("git", ["-c", "init.defaultBranch=main", "init", "--quiet"], { cwd: repository, env });
  commit("base");
}

function commit(message) {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const identity = ["-c", "user.name=Smoke", "-c", "user.email=smoke@example.invalid"];
  run("git", ["add", "--all"], { cwd: repository, env });
  run("git", [...identity, "commit", "--quiet", "--message", message], { cwd: repository, env });
}

function useCli() {
  expect(cli("--help").stdout.includes("run"), "--help names the verb run");
  expect(cli("--version").stdout.trim().endsWith(version), `--version says ${version}`);
  cli("doctor", "--repo", repository);
  cli("run", "Name the modules of Node with node:", "--recipe", "node-protocol", "--repo", repository);
  const listed = JSON.parse(cli("runs", "list", "--repo", repository, "--format", "json").stdout);
  expect(JSON.stringify(listed).includes('"passed"'), "runs list shows a run that passed");
  expect(
    JSON.parse(cli("runs", "show", "latest", "--repo", repository, "--format", "json").stdout),
    "runs show is JSON",
  );
  cli("runs", "show", "latest", "--repo", repository);
  cli("runs", "verify", "latest", "--repo", repository);
  cli("patterns", "test", "template/task");
  const unlinted = run(
    join(consumer, "node_modules/.bin/codex-orchestrator"),
    ["patterns", "lint", repository],
    { cwd: consumer },
    2,
  );
  expect(
    unlinted.stderr.includes("npm install --save-dev oxlint"),
    "patterns lint without a linter says how to get one",
  );
}

function useLibrary() {
  writeFileSync(join(consumer, "use.ts"), typed);
  const compilerOptions = { target: "ES2023", module: "NodeNext", strict: true, skipLibCheck: false, types: ["node"] };
  const typeRoots = [join(root, "node_modules/@types")];
  writeFileSync(
    join(consumer, "tsconfig.json"),
    JSON.stringify({ compilerOptions: { ...compilerOptions, typeRoots }, files: ["use.ts"] }),
  );
  run("node", [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], { cwd: consumer });
  expect(
    run("node", ["use.js", repository], { cwd: consumer }).stdout.includes("passed"),
    "the typed import runs a task",
  );
}

/** A team's own patterns, which take the engine's functions from the installed package, in a run. */
function usePatternLibrary() {
  mkdirSync(join(repository, "tools/own"), { recursive: true });
  writeFileSync(join(repository, "tools/own/index.mjs"), ownPatterns);
  const pinned = cli("patterns", "pin", "./tools/own", "--repo", repository).stdout;
  writeFileSync(join(repository, "orchestrator.config.yaml"), `version: 1\n${pinned}`);
  commit("pin");
  cli("run", "--recipe", "own/read-file", "--scope", "src/**", "--repo", repository);
  const { manifest, ...report } = JSON.parse(
    cli("runs", "show", "latest", "--repo", repository, "--format", "json").stdout,
  );
  const [used] = (manifest ?? report).patterns;
  expect(used.id === "own/read-file" && used.library === "own", "a run names the team's own pattern that it used");
  expect(pinned.includes(used.sha256), "with the hash of its library that is pinned");
}

function cli(...args) {
  return run(join(consumer, "node_modules/.bin/codex-orchestrator"), args, { cwd: consumer });
}

/** Runs a program to its end and throws with all that it said where it exits with another code. */
function run(program, args, options, code = 0) {
  const file = program === "node" ? process.execPath : program;
  const env = { ...process.env, XDG_CACHE_HOME: join(work, "cache") };
  const { status, stdout, stderr, error } = spawnSync(file, args, {
    env,
    ...options,
    encoding: "utf8",
    timeout: 300_000,
  });
  if (status !== code) {
    const said = [error?.message, stdout, stderr].filter(Boolean).join("\n");
    throw new Error(`${program} ${args.join(" ")} ended with ${status}\n${said}`);
  }
  return { stdout, stderr };
}

function expect(claim, text) {
  if (!claim) throw new Error(`not so: ${text}`);
  console.log(`smoke: ${text}`);
}
