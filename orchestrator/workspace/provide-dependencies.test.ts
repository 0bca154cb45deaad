import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sha256 } from "../io/hash.ts";
import type { DependencyNeed } from "../schema/adapter-port.ts";
import { createWorkspace } from "./create-workspace.ts";
import { createPlainSandbox } from "./fixtures/plain-sandbox.ts";
import { cloneOf } from "./fixtures/temporary-clone.ts";
import { fingerprint, temporaryFolder, temporaryRepository, writeFiles } from "./fixtures/temporary-repository.ts";
import type { PrivateClone } from "./prepare-clone.ts";
import { type DependencyRequest, provideDependencies } from "./provide-dependencies.ts";

const installer = `
const { mkdirSync, writeFileSync, readFileSync, appendFileSync, existsSync } = require("node:fs");
if (existsSync("fail")) { console.error("registry says no"); process.exit(7); }
mkdirSync("node_modules/m", { recursive: true });
writeFileSync("node_modules/m/index.js", "module of " + readFileSync("lock", "utf8"));
mkdirSync("packages/a/node_modules/n", { recursive: true });
writeFileSync("packages/a/node_modules/n/index.js", "nested");
writeFileSync("by-product", "not wanted");
appendFileSync(process.env.HOME + "/installs", "x");
`;

const need: DependencyNeed = {
  needed: true,
  lockFile: "lock",
  folders: ["node_modules", "packages/a/node_modules"],
  install: {
    goal: "install",
    argv: [process.execPath, "install.cjs"],
    cwd: ".",
    env: { CI: "true" },
    timeoutMs: 10_000,
    needsNetwork: true,
    parallelSafe: false,
    reportFile: null,
  },
  unsupported: null,
  reason: "lock: a test",
};

interface Place {
  readonly repository: string;
  readonly clone: PrivateClone;
  readonly request: DependencyRequest;
  readonly sandbox: ReturnType<typeof createPlainSandbox>;
}

async function placeFor(
  options: { installed?: boolean; confined?: boolean; files?: Record<string, string> } = {},
): Promise<Place> {
  const files = { lock: "lock 1\n", "install.cjs": installer, ".gitignore": "node_modules\n", ...options.files };
  const repository = temporaryRepository(files);
  if (options.installed ?? true) {
    writeFiles(repository, {
      "node_modules/m/index.js": "mine\n",
      "node_modules/.bin/m": { link: "../m/index.js" },
      "node_modules/out": { link: "/etc" },
      "node_modules/.cache/old": "old\n",
    });
  }
  const clone = await cloneOf(repository);
  const sandbox = createPlainSandbox(options.confined ?? true);
  const cacheDir = temporaryFolder("cache");
  const request = {
    need,
    repositoryRoot: repository,
    tree: clone.root,
    cacheDir,
    sandbox,
    network: true,
    environment: { PATH: process.env["PATH"] ?? "" },
  };
  return { repository, clone, request, sandbox };
}

const inode = (...path: string[]) => statSync(join(...path)).ino;

test("nothing is done where nothing is needed", async () => {
  const { request } = await placeFor();
  const provided = await provideDependencies({
    ...request,
    need: { ...need, needed: false, reason: "no dependencies" },
  });
  expect(provided).toMatchObject({
    source: { method: "none_needed", lock_file: null, lock_sha256: null, reason: "no dependencies" },
    folders: [],
    readOnly: [],
    writable: [],
  });
});

test("the user's installation of the same lock file is linked where writes are confined, and must be mounted read-only", async () => {
  const { request, clone, repository } = await placeFor();
  const before = fingerprint(repository);
  const { source, readOnly, writable } = await provideDependencies(request);
  expect(source).toMatchObject({ method: "linked", lock_file: "lock", lock_sha256: sha256("lock 1\n") });
  expect(inode(clone.root, "node_modules/m/index.js")).toBe(inode(repository, "node_modules/m/index.js"));
  expect(readOnly).toEqual([join(clone.root, "node_modules")]);
  expect(readdirSync(join(clone.root, "node_modules")).sort()).toEqual([".bin", ".cache", ".vite", ".vitest", "m"]);
  writeFileSync(join(clone.root, "node_modules/.cache/new"), "x");
  expect(writable).toContain(realpathSync(join(clone.root, "node_modules/.cache")));
  for (const folder of writable)
    expect([statSync(folder).isDirectory(), folder.startsWith(clone.root)]).toEqual([true, false]);
  expect(fingerprint(repository)).toEqual(before);
  expect(await createWorkspace(clone, need.folders).snapshot()).toBe(clone.baseTree);
});

test("where writes are not confined, the files are copies, so that writing them leaves the user's alone", async () => {
  const { request, clone, repository } = await placeFor({ confined: false });
  const provided = await provideDependencies(request);
  expect(provided).toMatchObject({ source: { method: "copied" }, folders: ["node_modules"], readOnly: [] });
  writeFileSync(join(clone.root, "node_modules/.cache/new"), "what tools keep");
  expect(await provided.isUntouched()).toBe(true);
  writeFileSync(join(clone.root, "node_modules/m/index.js"), "evil\n");
  expect(readFileSync(join(repository, "node_modules/m/index.js"), "utf8")).toBe("mine\n");
  expect(await provided.isUntouched()).toBe(false);
  const again = await provideDependencies(request);
  expect(readFileSync(join(clone.root, "node_modules/m/index.js"), "utf8")).toBe("mine\n");
  expect(await again.isUntouched()).toBe(true);
});

test("a second call does nothing, but links become copies once writes are no longer confined", async () => {
  const { request, clone, repository } = await placeFor();
  const first = await provideDependencies(request);
  rmSync(join(repository, "node_modules"), { recursive: true });
  const { source, folders, readOnly, writable } = first;
  expect(await provideDependencies(request)).toMatchObject({ source, folders, readOnly, writable });
  writeFiles(repository, { "node_modules/m/index.js": "mine\n" });
  const second = await provideDependencies({ ...request, sandbox: createPlainSandbox(false) });
  expect(second).toMatchObject({ source: { method: "copied" }, readOnly: [] });
  expect(inode(clone.root, "node_modules/m/index.js")).not.toBe(inode(repository, "node_modules/m/index.js"));
});

test("what a crash left half-placed is made again", async () => {
  const { request, clone } = await placeFor();
  await provideDependencies(request);
  const marker = join(clone.directory, "dependencies.json");
  for (const text of [readFileSync(marker, "utf8").replace('"done"', '"placing"'), "{", "{}"]) {
    writeFileSync(marker, text);
    rmSync(join(clone.root, "node_modules/m"), { recursive: true });
    expect(await provideDependencies(request)).toMatchObject({ source: { method: "linked" } });
    expect(existsSync(join(clone.root, "node_modules/m/index.js"))).toBe(true);
  }
});

test("another lock file is installed by the adapter's command, once for all clones, with nothing else of what it made", async () => {
  const { request, clone, repository, sandbox } = await placeFor();
  writeFileSync(join(repository, "lock"), "lock 2\n");
  const { source, readOnly } = await provideDependencies(request);
  expect(source).toMatchObject({ method: "installed", lock_sha256: sha256("lock 1\n") });
  expect(readFileSync(join(clone.root, "node_modules/m/index.js"), "utf8")).toBe("module of lock 1\n");
  expect(readFileSync(join(clone.root, "packages/a/node_modules/n/index.js"), "utf8")).toBe("nested");
  expect(existsSync(join(clone.root, "by-product"))).toBe(false);
  expect(readOnly).toHaveLength(2);
  const [asked] = sandbox.asked;
  expect(asked?.bounds).toMatchObject({ network: true, readOnly: [] });
  expect(asked?.bounds.writable.every((folder) => folder.startsWith(request.cacheDir))).toBe(true);
  expect(asked?.command.env).toMatchObject({ CI: "true", HOME: join(request.cacheDir, "home") });
  const second = await cloneOf(repository, "run-2", "HEAD");
  const again = await provideDependencies({ ...request, tree: second.root });
  expect([again.source.method, sandbox.asked.length]).toEqual(["linked", 1]);
  expect(await createWorkspace(second, need.folders).snapshot()).toBe(second.baseTree);
});

test("the user's installation is used as verified, as not verified, or not at all, by what its record says", async () => {
  for (const [state, method, reason] of [
    ["same", "linked", /its record agrees/],
    ["unknown", "linked", /not verified/],
    ["different", "installed", /installed what lock names/],
  ] as const) {
    const { request } = await placeFor();
    const { source } = await provideDependencies({ ...request, compareInstalled: async () => state });
    expect(source).toMatchObject({ method, reason: expect.stringMatching(reason) });
  }
});

test("clones that install at the same time all get it, and the cache holds one result", async () => {
  const { request, repository } = await placeFor({ installed: false });
  const clones = await Promise.all(["run-2", "run-3", "run-4"].map((runId) => cloneOf(repository, runId)));
  const provided = await Promise.all(clones.map(({ root }) => provideDependencies({ ...request, tree: root })));
  for (const { source } of provided) expect(["installed", "linked"]).toContain(source.method);
  for (const { root } of clones) expect(existsSync(join(root, "node_modules/m/index.js"))).toBe(true);
  expect(readdirSync(join(request.cacheDir, "dependencies"))).toHaveLength(1);
});

test.each([
  ["there is no lock file", { need: { ...need, lockFile: null } }, /no lock file.*commit it/],
  ["the lock file is not in the tree", { need: { ...need, lockFile: "none" } }, /none/],
  ["the policy allows no installation", { network: false }, /policy.*network: \{install: true\}/],
  [
    "they cannot all be provided",
    { need: { ...need, unsupported: "packages of their own." } },
    /not supported: packages/,
  ],
  ["there is no command to install", { need: { ...need, install: null } }, /no command to install/],
])("dependencies are unavailable where %s", async (_, change, why) => {
  const { request, sandbox } = await placeFor({ installed: false });
  await expect(provideDependencies({ ...request, ...change })).rejects.toMatchObject({
    message: expect.stringMatching(why),
  });
  expect(sandbox.asked).toEqual([]);
});

test("an installation that fails tells why, in its own words, and leaves no trace", async () => {
  const { request, clone } = await placeFor({ installed: false, files: { fail: "" } });
  await expect(provideDependencies(request)).rejects.toMatchObject({
    code: "dependencies_unavailable",
    message: expect.stringMatching(/exit code 7.*registry says no/s),
  });
  expect(readdirSync(join(request.cacheDir, "dependencies"))).toEqual([]);
  expect(existsSync(join(clone.root, "node_modules"))).toBe(false);
});

test("an installation that makes nothing, or is stopped, is told as such", async () => {
  const { request } = await placeFor({ installed: false, files: { "install.cjs": "" } });
  await expect(provideDependencies(request)).rejects.toMatchObject({
    code: "dependencies_unavailable",
    message: expect.stringContaining("made no node_modules"),
  });
  await expect(provideDependencies({ ...request, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "aborted",
  });
});

test("dependencies that the repository itself holds are used as they are", async () => {
  const { request, clone } = await placeFor({
    installed: false,
    files: { ".gitignore": "", "node_modules/m/index.js": "tracked\n" },
  });
  expect(await provideDependencies(request)).toMatchObject({
    source: { method: "none_needed", reason: expect.stringContaining("part of the repository") },
  });
  expect(await createWorkspace(clone).snapshot()).toBe(clone.baseTree);
});

test("a link in the place of the user's node_modules is followed once, and links out of it are left out", async () => {
  const { request, clone, repository } = await placeFor({ installed: false, files: { "packages/a/x": "x\n" } });
  const shared = temporaryFolder("shared");
  writeFiles(shared, { "m/index.js": "shared\n", up: { link: "../.." } });
  writeFiles(repository, { node_modules: { link: shared } });
  expect(await provideDependencies(request)).toMatchObject({ source: { method: "linked" } });
  expect(lstatSync(join(clone.root, "node_modules")).isDirectory()).toBe(true);
  expect(readFileSync(join(clone.root, "node_modules/m/index.js"), "utf8")).toBe("shared\n");
  expect(existsSync(join(clone.root, "node_modules/up"))).toBe(false);
});
