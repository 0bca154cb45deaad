// Builds dist/: the library by tsc (ESM and declarations), the CLI by esbuild (one entry, split into chunks).
// Types are not checked here, which takes most of the time: `npm run check:types` checks the same sources.
//
//   node scripts/build.mjs [--cli] [--force]
//
// --cli builds the CLI alone: what the tests need. --force builds even where nothing changed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const next = join(dist, ".next");
const stampFile = join(dist, ".build.json");
const lockFile = join(dist, ".lock");
const lockWaitMs = 180_000;

const sourceFolders = ["orchestrator", "patterns", "adapters", "evaluation"];
const settingFiles = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json", "scripts/build.mjs"];
const cliEntry = "orchestrator/cli/bin.ts";
const workerEntry = "patterns/apply/worker.ts";
const pluginEntry = "patterns/lint/index.ts";
const guardEntry = "orchestrator/cli/guard/spec-guard.ts";

const products = { library: buildLibrary, cli: buildCli };

async function main(flags) {
  const unknown = flags.find((flag) => flag !== "--cli" && flag !== "--force");
  if (unknown !== undefined) throw new Error(`unknown option ${unknown}; there are --cli and --force`);
  await mkdir(dist, { recursive: true });
  await withLock(() => build(flags.includes("--cli") ? ["cli"] : ["library", "cli"], flags.includes("--force")));
}

async function build(names, force) {
  const inputs = await hashInputs();
  const stamps = await readStamps();
  const stale = [];
  for (const name of names) if (force || !(await isFresh(stamps[name], inputs))) stale.push(name);
  if (stale.length === 0) return say("up to date");

  await rm(next, { recursive: true, force: true });
  try {
    await Promise.all(stale.map((name) => products[name](join(next, name))));
    for (const name of stale) stamps[name] = { inputs, files: await publish(join(next, name)) };
    await replaceFile(stampFile, JSON.stringify(stamps));
    // A CLI that runs meanwhile may still load a chunk of the build before: only the whole build removes those.
    if (!names.includes("library")) return;
    await removeOthers(new Set(Object.values(stamps).flatMap((stamp) => Object.keys(stamp.files))));
  } finally {
    await rm(next, { recursive: true, force: true });
  }
}

async function buildLibrary(outDir) {
  const started = performance.now();
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const code = await new Promise((resolve, reject) => {
    const args = [tsc, "-p", "tsconfig.build.json", "--outDir", outDir, "--noCheck", "--noEmitOnError"];
    const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error("the sources cannot be compiled (see above); dist/ is left as it was");
  say(`library in ${seconds(started)}`);
}

async function buildCli(outDir) {
  if (!existsSync(join(root, cliEntry))) return say(`no ${cliEntry}: the CLI is not built`);
  const started = performance.now();
  const esbuild = await import("esbuild");
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: {
      "codex-orchestrator": cliEntry,
      ...(existsSync(join(root, workerEntry)) ? { "pattern-worker": workerEntry } : {}),
      ...(existsSync(join(root, pluginEntry)) ? { "eslint-plugin": pluginEntry } : {}),
    },
    outdir: join(outDir, "bin"),
    outExtension: { ".js": ".mjs" },
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // All but what holds native code: to open a package's hundreds of files takes most of the time of a short run.
    external: ["oxc-parser", "ts-morph"],
    // What is CommonJS in a package asks for Node's own modules by `require`, which a module does not have.
    banner: { js: 'import{createRequire as makeRequire}from"node:module";const require=makeRequire(import.meta.url);' },
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  await writeFile(join(outDir, "bin/NOTICES.txt"), `${await bundledNotices(metafile)}\n`);
  await makeProgram(join(outDir, "bin/codex-orchestrator.mjs"));
  if (existsSync(join(root, guardEntry))) await buildGuard(esbuild, outDir);
  say(`CLI in ${seconds(started)}`);
}

/** One file without dependencies, which a team can put into its own repository. It begins with the notices of what it holds. */
async function buildGuard(esbuild, outDir) {
  const outfile = join(outDir, "spec-guard.mjs");
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [guardEntry],
    outfile,
    bundle: true,
    minify: true,
    keepNames: false,
    format: "esm",
    platform: "node",
    target: "node20",
    // The build of yaml for Node is CommonJS, which cannot be bundled into a module.
    alias: { yaml: join(root, "node_modules/yaml/browser/dist/index.js") },
    plugins: [zodByName],
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const program = await readFile(outfile, "utf8");
  const notices = (await bundledNotices(metafile)).replaceAll("*/", "* /");
  await writeFile(outfile, `/*!\n${notices}\n*/\n${program}`);
  await makeProgram(outfile);
}

/** The object `z` holds all of zod, half of which is messages in other languages; a namespace holds what is used. */
const zodByName = {
  name: "zod-by-name",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]orchestrator[\\/].*\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { contents: text.replace('import { z } from "zod";', 'import * as z from "zod";'), loader: "ts" };
    });
  },
};

/** The licence of each package that went into a bundle, and of this one. */
async function bundledNotices({ outputs }) {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const packages = inputs.flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []);
  const folders = ["", ...[...new Set(packages)].sort()];
  const notices = await Promise.all(
    folders.map(async (folder) => {
      const { name, version, license } = JSON.parse(await readFile(join(root, folder, "package.json"), "utf8"));
      return `${name} ${version} (${license})\n\n${await licenceText(join(root, folder))}`;
    }),
  );
  return [...notices, dataNotice].join("\n\n----\n\n");
}

const dataNotice = `The table of look-alike letters is made from confusables.txt of Unicode TR39.
Copyright (c) 1991-2020 Unicode, Inc. All rights reserved. Distributed under the Terms of Use in https://www.unicode.org/copyright.html.`;

async function licenceText(folder) {
  const name = (await readdir(folder)).find((entry) => /^licen[cs]e(?:\.(?:md|txt))?$/i.test(entry));
  return name === undefined
    ? "Its package holds no text of the licence."
    : (await readFile(join(folder, name), "utf8")).trim();
}

async function makeProgram(entry) {
  const text = await readFile(entry, "utf8");
  if (!text.startsWith("#!")) await writeFile(entry, `#!/usr/bin/env node\n${text}`);
  await chmod(entry, 0o755);
}

/** Moves what was built into dist/, each file in one step and the entry after its chunks. Resolves with what now stands there. */
async function publish(built) {
  const files = existsSync(built) ? await filesUnder(built) : [];
  const deepestFirst = files.sort((left, right) => right.split("/").length - left.split("/").length);
  const published = {};
  for (const file of deepestFirst) {
    const target = join(dist, file);
    await mkdir(dirname(target), { recursive: true });
    await rename(join(built, file), target);
    published[file] = await fingerprint(target);
  }
  return published;
}

async function removeOthers(kept) {
  for (const file of await filesUnder(dist)) {
    if (!kept.has(file) && !file.startsWith(".")) await rm(join(dist, file));
  }
  await removeEmptyFolders(dist);
}

async function removeEmptyFolders(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeEmptyFolders(join(folder, entry.name));
  }
  if (folder !== dist && (await readdir(folder)).length === 0) await rm(folder, { recursive: true });
}

async function isFresh(stamp, inputs) {
  if (stamp?.inputs !== inputs) return false;
  for (const [file, expected] of Object.entries(stamp.files)) {
    if ((await fingerprint(join(dist, file)).catch(() => null)) !== expected) return false;
  }
  return true;
}

async function fingerprint(file) {
  const { size, mtimeMs, mode } = await stat(file);
  return `${size} ${mtimeMs} ${mode}`;
}

/** One hash over the names and bytes of all that the build reads. */
async function hashInputs() {
  const listed = await Promise.all(
    sourceFolders.map(async (folder) => (await filesUnder(join(root, folder))).map((file) => `${folder}/${file}`)),
  );
  const isSource = (file) =>
    /\.(?:ts|json)$/.test(file) && !/\.(?:test|contract|test-support)\.ts$|(?:^|\/)fixtures\//.test(file);
  const hash = createHash("sha256").update(process.version);
  for (const file of [...settingFiles, ...listed.flat().filter(isSource).sort()]) {
    const content = await readFile(join(root, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"));
}

async function readStamps() {
  return readFile(stampFile, "utf8")
    .then(JSON.parse, () => ({}))
    .catch(() => ({}));
}

async function replaceFile(file, text) {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

/** Runs `work` while no other build of this checkout does. The lock of a build that was killed is dropped. */
async function withLock(work) {
  const deadline = performance.now() + lockWaitMs;
  while (!(await takeLock())) {
    if (performance.now() > deadline)
      throw new Error(`another build holds ${lockFile} for too long; remove it if none runs`);
    await sleep(100);
  }
  try {
    await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function takeLock() {
  try {
    const file = await open(lockFile, "wx");
    await file.writeFile(String(process.pid));
    await file.close();
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    const holder = Number(await readFile(lockFile, "utf8").catch(() => ""));
    if (holder > 0 && !isAlive(holder)) await rm(lockFile, { force: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function seconds(started) {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

function say(text) {
  console.error(`build: ${text}`);
}

await main(process.argv.slice(2)).catch((error) => {
  say(error.message);
  process.exitCode = 1;
});
