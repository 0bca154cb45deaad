import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { secretsGate } from "../gates/secrets-gate.ts";
import { createGit, type Git } from "../io/git.ts";
import { createSecretScanner } from "../io/secret-scanner.ts";
import { collectSecretEvidence, defaultSecretScanLimits, scanAdded } from "./secret-evidence.ts";

const token = `ghp_${"a1B2c3".repeat(6)}`;
const other = `ghp_${"x9Y8z7".repeat(6)}`;
const author = { GIT_AUTHOR_NAME: "a", GIT_AUTHOR_EMAIL: "a@b", GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@b" };

type Files = Readonly<Record<string, string | Uint8Array | null>>;

async function repository(files: Files): Promise<Git> {
  const path = await mkdtemp(join(tmpdir(), "secret-evidence-"));
  onTestFinished(() => rm(path, { recursive: true }));
  const git = createGit(path);
  await git.run(["init", "-q"]);
  await write(git, files);
  await git.run(["add", "-A"]);
  await git.run(["commit", "-q", "--allow-empty", "-m", "base"], { env: author });
  return git;
}

async function write(git: Git, files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(git.directory, name);
    await mkdir(dirname(path), { recursive: true });
    if (content === null) await rm(path);
    else await writeFile(path, content);
  }
}

async function collect(git: Git, expected: readonly string[], limits = defaultSecretScanLimits) {
  await git.run(["add", "-A"]);
  const change = {
    base_commit: await git.text(["rev-parse", "HEAD"]),
    tree: await git.text(["write-tree"]),
    paths: expected.map((path) => ({
      path,
      kind: "modified" as const,
      mode: "100644",
      insertions: null,
      deletions: null,
    })),
  };
  return collectSecretEvidence(git, change, await createSecretScanner(), limits);
}

async function scan(before: Files, after: Files) {
  const git = await repository(before);
  await write(git, after);
  return (await collect(git, [])).files.flatMap(({ path, added }) =>
    added.map(({ rule, line }) => `${path}:${line} ${rule}`),
  );
}

test.each<[string, Files, Files, string[]]>([
  ["in a new file", {}, { "a.ts": `one\nconst t = "${token}";\n` }, ["a.ts:2 github"]],
  ["in a changed file", { "a.ts": "one\n" }, { "a.ts": `one\n\n${token}\n` }, ["a.ts:3 github"]],
  ["in the place of another one", { "a.ts": token }, { "a.ts": other }, ["a.ts:1 github"]],
  ["a second time", { "a.ts": token }, { "a.ts": `${token}\n${token}\n` }, ["a.ts:2 github"]],
  ["copied into a new file", { "a.ts": token }, { "a.ts": `${token}\n`, "b.ts": token }, ["b.ts:1 github"]],
  [
    "in a file with a name of another script",
    {},
    { "\u6587\u4ef6 name\n.ts": token },
    ["\u6587\u4ef6 name\n.ts:1 github"],
  ],
  [
    "among bytes",
    {},
    { "a.bin": Buffer.concat([Buffer.from([0, 255, 254, 0]), Buffer.from(` ${token} `)]) },
    ["a.bin:1 github"],
  ],
  ["in the name of a new file", {}, { [`keys/${token}.txt`]: "x" }, [`keys/${token}.txt:1 github`]],
  ["in base64", {}, { "a.ts": `one\n"${Buffer.from(`t=${token}`).toString("base64")}"\n` }, ["a.ts:2 github"]],
  ["in UTF-16", {}, { "a.txt": Buffer.from(`\ufeff ${token} `, "utf16le") }, ["a.txt:1 github"]],
])("a credential is found %s", async (_, before, after, expected) => {
  expect(await scan(before, after)).toEqual(expected);
});

test.each<[string, Files, Files]>([
  ["that stays while its file changes", { "a.ts": `${token}\n` }, { "a.ts": `new line\n${token}\n` }],
  ["that is taken out", { "a.ts": token }, { "a.ts": "clean" }],
  ["whose file is deleted", { "a.ts": token }, { "a.ts": null }],
  ["in a file that does not change", { "a.ts": token, "b.ts": "x" }, { "b.ts": "y" }],
  ["in the name of a file that changes", { [`${token}.txt`]: "x" }, { [`${token}.txt`]: "y" }],
  ["that is in no file at all", { "a.ts": "x" }, { "a.ts": "y" }],
])("a credential is not added %s", async (_, before, after) => {
  expect(await scan(before, after)).toEqual([]);
});

test("a file that moves takes its old credential along", async () => {
  const git = await repository({ "a.ts": token });
  await rename(join(git.directory, "a.ts"), join(git.directory, "b.ts"));
  expect((await collect(git, ["b.ts"])).files).toEqual([{ path: "b.ts", unscanned: null, added: [] }]);
});

test("the target of a symbolic link is scanned", async () => {
  const git = await repository({});
  await symlink(token, join(git.directory, "link"));
  expect((await collect(git, [])).files).toEqual([
    { path: "link", unscanned: null, added: [{ rule: "github", line: 1 }] },
  ]);
});

test("what is too large for one file, or for all together, is not scanned, and the gate refuses", async () => {
  const git = await repository({});
  await write(git, { "a.txt": "x".repeat(2000), "b.txt": "y".repeat(900), "c.txt": "z".repeat(901) });
  const evidence = await collect(git, ["a.txt", "b.txt", "c.txt"], { fileBytesMax: 1000, totalBytesMax: 1500 });
  expect(evidence.files.map(({ path, unscanned }) => [path, unscanned === null])).toEqual([
    ["a.txt", false],
    ["b.txt", true],
    ["c.txt", false],
  ]);
  expect(secretsGate.decide(evidence)).toMatchObject({ decision: "refuse", findings: { length: 2 } });
});

test("a submodule cannot be scanned", async () => {
  const git = await repository({ "a.ts": "x" });
  const head = await git.text(["rev-parse", "HEAD"]);
  await git.run(["update-index", "--add", "--cacheinfo", `160000,${head},module`]);
  const change = { base_commit: head, tree: await git.text(["write-tree"]), paths: [] };
  const evidence = await collectSecretEvidence(git, change, await createSecretScanner());
  expect(evidence.files).toEqual([{ path: "module", unscanned: "it is a submodule", added: [] }]);
});

test("a path of the change set that git does not show as changed is expected all the same", async () => {
  const git = await repository({ "a.ts": "x" });
  const evidence = await collect(git, ["a.ts"]);
  expect(evidence).toEqual({ expected: ["a.ts"], files: [] });
  expect(secretsGate.decide(evidence)).toMatchObject({ findings: [{ rule: "secrets/not-scanned" }] });
});

test("many files of each size are read whole", async () => {
  const git = await repository({});
  const sizes = [0, 1, 2, 4095, 4096, 70_000];
  await write(git, Object.fromEntries(sizes.map((size) => [`f${size}`, `${"\n".repeat(size)}${token}`])));
  const { files } = await collect(git, []);
  expect(files.map(({ path, added }) => `${path}:${added[0]?.line}`).sort()).toEqual(
    sizes.map((size) => `f${size}:${size + 1}`).sort(),
  );
});

test("a finding without its text is always taken as added", async () => {
  const blind = { scan: async () => [{ rule: "withheld", line: 1, start: 0, end: 0 }] };
  const content = { path: "a", before: Buffer.from("x"), after: Buffer.from("x"), unread: null };
  expect(await scanAdded([content], blind)).toEqual([
    { path: "a", unscanned: null, added: [{ rule: "withheld", line: 1 }] },
  ]);
});

test("a scanner that fails is not taken for a clean scan, and a stop is obeyed", async () => {
  const broken = { scan: () => Promise.reject(new Error("rules are gone")) };
  const content = { path: "a", before: null, after: Buffer.from("x"), unread: null };
  await expect(scanAdded([content], broken)).rejects.toThrow("rules are gone");
  await expect(scanAdded([content], broken, AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
});
