import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeAdapter, outcomeOf, readerOf } from "../adapter.contract.ts";
import { parseCargoManifest } from "./cargo-manifest.ts";
import { createRustAdapter } from "./rust-adapter.ts";

const fixture = (name: string) => readFileSync(new URL(`../reports/fixtures/${name}`, import.meta.url), "utf8");
const plain = { "Cargo.toml": '[package]\nname = "sample"\nversion = "0.1.0"\n', "src/lib.rs": "" };
const needy = { "Cargo.toml": `${plain["Cargo.toml"]}\n[dependencies]\nitoa = "1"\n` };
const lock = '[[package]]\nname = "itoa"\nsource = "registry+https://example.com/index"\n';
const nextest = { ...plain, ".config/nextest.toml": "" };
const oneOfNextest =
  '<?xml version="1.0"?><testsuites tests="1"><testsuite name="a" tests="1"><testcase name="b"/></testsuite></testsuites>';
const goals = ["build", "lint", "test", "format"] as const;

describeAdapter("the Rust adapter", createRustAdapter, {
  projects: [
    { name: "a package of its own", files: plain, goals, installs: false },
    { name: "a package that needs others", files: { ...needy, "Cargo.lock": lock }, goals, installs: true },
    {
      name: "a package with a vendor folder",
      files: { ...needy, "Cargo.lock": lock, ".cargo/config.toml": '[source.vendored]\ndirectory = "vendor"\n' },
      goals,
      installs: false,
    },
    { name: "a workspace", files: { "Cargo.toml": '[workspace]\nmembers = ["a"]\n' }, goals, installs: false },
  ],
  reports: [
    { name: "cargo test", files: plain, passing: fixture("cargo-1.95-passed.txt") },
    { name: "nextest", files: nextest, passing: oneOfNextest },
  ],
});

test("a package is told by its name, a workspace and a runner by their files", async () => {
  const { detect } = createRustAdapter();
  expect(await detect(readerOf(nextest))).toMatchObject({
    adapter: "rust",
    evidence: ["Cargo.toml: the package sample", ".config/nextest.toml: cargo-nextest"],
  });
  expect(await detect(readerOf({ "Cargo.toml": "[workspace]" }))).toMatchObject({
    evidence: ["Cargo.toml: a workspace"],
  });
  expect(await detect(readerOf({ "Cargo.toml": "[dependencies]" }))).toBeNull();
});

test("what is needed is told by the lock file, and without one by the manifest", async () => {
  const { dependencies } = createRustAdapter();
  const local = { ...plain, "Cargo.lock": '[[package]]\nname = "sample"\n' };
  expect(await dependencies(readerOf(local))).toMatchObject({ needed: false });
  expect(await dependencies(readerOf(needy))).toMatchObject({ needed: true, lockFile: null, install: null });
  expect(await dependencies(readerOf({ "Cargo.toml": "[workspace]" }))).toMatchObject({
    needed: true,
    reason: expect.stringContaining("commit one"),
  });
});

test("what is compiled lies in the tree only where the project ignores it there", async () => {
  const { plan } = createRustAdapter();
  const targetOf = async (ignored: string) =>
    (await plan(readerOf({ ...plain, ".gitignore": ignored }), "build", "/reports"))?.env["CARGO_TARGET_DIR"];
  for (const line of ["/target", "target/", "target", "**/target/", "# x\n/target/**\n"])
    expect(await targetOf(line), line).toBeUndefined();
  for (const line of ["", "/targets", "docs/target", "!target"])
    expect(await targetOf(line), line).toBe("/reports/target");
});

test("packages from elsewhere are taken from their folder, and the lock file is kept", async () => {
  const { plan } = createRustAdapter();
  const argv = (await plan(readerOf({ ...needy, "Cargo.lock": lock }), "build", "/reports"))?.argv;
  expect(argv).toEqual([
    ...["sh", "-c", expect.stringContaining(".cargo-vendor/config.toml"), "sh"],
    ...["--workspace", "--locked"],
  ]);
  const some = { "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\ndefault-members = ["a"]\n', "Cargo.lock": "" };
  expect((await plan(readerOf(some), "lint", "/reports"))?.argv.slice(3)).toEqual(["sh", "--all-targets", "--locked"]);
});

test("manifests where more than dependencies differ, settings, and tests that are gone decide the checks", async () => {
  const { checkPaths } = createRustAdapter();
  const paths = async (before: string, after: string, path = "Cargo.toml", kind: "modified" | "deleted" = "modified") =>
    checkPaths(
      [{ path, kind, mode: "100644", insertions: 1, deletions: 1 }],
      readerOf({ [path]: before }),
      readerOf(kind === "deleted" ? {} : { [path]: after }),
    );
  const [text, more] = [plain["Cargo.toml"], '\n[[test]]\nname = "a"\ntest = false\n'];
  expect(await paths(text, needy["Cargo.toml"])).toEqual([]);
  expect(await paths(text, text.replace("0.1.0", "0.2.0"))).toEqual([]);
  expect(await paths(text, text + more)).toEqual(["Cargo.toml"]);
  expect(await paths(text, "nothing")).toEqual(["Cargo.toml"]);
  expect(await paths("", "", "a/rust-toolchain.toml")).toEqual(["a/rust-toolchain.toml"]);
  expect(await paths("", "", ".config/nextest.toml")).toEqual([".config/nextest.toml"]);
  for (const path of ["tests/a.rs", "src/tests.rs", "src/adds_test.rs"]) {
    expect(await paths("", "", path, "deleted")).toEqual([path]);
    expect(await paths("", "", path)).toEqual([]);
  }
});

test("a manifest is read with dependencies of every form", () => {
  const needs = (text: string) => parseCargoManifest(`[package]\nname = 'a'\n${text}`)?.hasDependencies;
  for (const text of [
    '[dependencies]\nserde = "1"',
    "[dev-dependencies]\n# local\nserde.workspace = true",
    '[target."cfg(unix)".dependencies]\nlibc = { version = "0.2" }',
    '[dependencies.serde]\nversion = "1"',
  ])
    expect(needs(text), text).toBe(true);
  for (const text of [
    "",
    "[dependencies]",
    '[dependencies]\nother = { path = "../other", version = "1" }',
    '[build-dependencies.other]\npath = "other" ',
    '[package.metadata.x]\nserde = "1"',
  ])
    expect(needs(text), text).toBe(false);
});

test("a report of nextest and one of cargo test are told apart by what they are", async () => {
  const { plan, read } = createRustAdapter();
  const planned = await plan(readerOf(nextest), "test", "/reports");
  if (planned === null) throw new Error("there is no plan");
  expect(read(planned, outcomeOf(), fixture("cargo-1.95-passed.txt"))).toMatchObject({
    verdict: "passed",
    report: "cargo-test",
    counts: { passed: 6, skipped: 2 },
  });
  expect(read(planned, outcomeOf(), fixture("nextest-0.9-passed.xml"))).toMatchObject({ report: "nextest-junit" });
});
