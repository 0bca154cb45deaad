import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { PlanGoal } from "../../orchestrator/schema/test-report.ts";
import { runCheck } from "../run-check.test-support.ts";
import { createRustAdapter } from "./rust-adapter.ts";

const versionOf = (...args: string[]) => spawnSync("cargo", args, { encoding: "utf8" }).stdout?.split("\n")[0] ?? "";
const version = versionOf("--version");
const nextest = versionOf("nextest", "--version");
/** Every project has a home of its own, and rustup would look for its toolchains there. */
const env = { RUSTUP_HOME: process.env["RUSTUP_HOME"] ?? join(homedir(), ".rustup") };

const manifest = '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n';
const adds = "#[test]\nfn adds() {\n    assert_eq!(sample::add(1, 2), 3);\n}\n";
const project = (test: string, more: Readonly<Record<string, string>> = {}) => ({
  "Cargo.toml": manifest,
  "src/lib.rs": "pub fn add(a: i32, b: i32) -> i32 {\n    a + b\n}\n",
  ...(test === "" ? {} : { "tests/sample.rs": test }),
  ...more,
});
const check = (files: Readonly<Record<string, string>>, goal: PlanGoal = "test", timeoutMs = 300_000) =>
  runCheck(createRustAdapter(), { files, goal, timeoutMs, env });
const testOf = (body: string) => `${adds}\n#[test]\nfn sample_test() {\n    ${body}\n}\n`;

describe.skipIf(version === "")(version || "cargo is not installed", () => {
  test("tests that pass are passed, with an ignored one and an example beside them", async () => {
    const example = "/// ```\n/// assert_eq!(sample::add(1, 1), 2);\n/// ```\n";
    const files = project(`${adds}\n#[test]\n#[ignore = "later"]\nfn later() {}\n`);
    const result = await check({ ...files, "src/lib.rs": `${example}${files["src/lib.rs"]}` });
    expect(result).toMatchObject({ verdict: "passed", counts: { passed: 2, skipped: 1 }, report: "cargo-test" });
  });

  test.each([
    ["fails", "assert_eq!(sample::add(1, 1), 3);", { passed: 1, failed: 1 }],
    ["aborts", "std::process::abort()", { crashed: 1 }],
    ["leaves with 0", "std::process::exit(0)", { crashed: 1 }],
    [
      "is killed",
      'std::process::Command::new("sh").args(["-c", "kill -KILL $PPID"]).status().unwrap();',
      { crashed: 1 },
    ],
    ["does not compile", 'let _: i32 = "a";', { error: 1 }],
  ])("a test that %s fails the check", async (_, body, counts) => {
    expect(await check(project(testOf(body)))).toMatchObject({ verdict: "failed", counts });
  });

  test("no tests, ignored ones alone, and a test that hangs are never green", async () => {
    expect(await check(project(""))).toMatchObject({ verdict: "failed", exit_code: 0 });
    expect(await check(project("#[test]\n#[ignore]\nfn later() {}\n"))).toMatchObject({
      verdict: "failed",
      exit_code: 0,
      counts: { skipped: 1 },
    });
    const hangs = project(testOf("loop {\n        std::thread::sleep(std::time::Duration::from_secs(1));\n    }"));
    expect(await check(hangs, "test", 10_000)).toMatchObject({ verdict: "failed", status: "timed_out" });
  });

  test("every member of a workspace is tested, and what was not locked is refused", async () => {
    const member = (name: string) => ({
      [`${name}/Cargo.toml`]: manifest.replace("sample", name),
      [`${name}/src/lib.rs`]: `#[test]\nfn ${name}_works() {}\n`,
    });
    const files = {
      "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n',
      ...member("a"),
      ...member("b"),
    };
    expect(await check(files)).toMatchObject({ verdict: "passed", counts: { passed: 2 } });
    const stale = { ...files, "Cargo.lock": 'version = 4\n\n[[package]]\nname = "a"\nversion = "0.1.0"\n' };
    expect(await check(stale)).toMatchObject({ verdict: "failed", counts: { error: 1 } });
  });

  test("build, lint and format pass or fail by their exit code", async () => {
    expect(await check(project(adds), "build")).toMatchObject({ verdict: "passed" });
    expect(await check(project("", { "src/lib.rs": "fn" }), "build")).toMatchObject({ verdict: "failed" });
    expect(await check(project(adds), "lint")).toMatchObject({ verdict: "passed" });
    const wrong = "#![deny(warnings)]\npub fn f() {\n    let x = 1;\n}\n";
    expect(await check(project("", { "src/lib.rs": wrong }), "lint")).toMatchObject({ verdict: "failed" });
    expect(await check(project(adds), "format")).toMatchObject({ verdict: "passed" });
    expect(await check(project("fn  odd() {}\n"), "format")).toMatchObject({ verdict: "failed" });
  });

  const configured = { ".config/nextest.toml": "[profile.default]\nretries = 0\n" };

  test("where nextest is configured and not installed, cargo test runs the tests", async () => {
    const result = await check(project(adds, configured));
    expect(result).toMatchObject({ verdict: "passed", report: nextest === "" ? "cargo-test" : "nextest-junit" });
  });

  test.skipIf(nextest === "")(nextest || "cargo-nextest is not installed", async () => {
    const run = (body: string) => check(project(testOf(body), configured));
    expect(await run("")).toMatchObject({ verdict: "passed", counts: { passed: 2 }, report: "nextest-junit" });
    expect(await run("panic!()")).toMatchObject({ verdict: "failed", counts: { passed: 1, failed: 1 } });
    expect(await run("std::process::abort()")).toMatchObject({ verdict: "failed", counts: { passed: 1, crashed: 1 } });
    expect(await run("std::process::exit(0)")).toMatchObject({
      verdict: "failed",
      exit_code: 0,
      counts: { crashed: 1 },
    });
    expect(await check(project("", configured))).toMatchObject({ verdict: "failed" });
  });
});
