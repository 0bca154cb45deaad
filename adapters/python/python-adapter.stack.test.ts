import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createDirectoryReader } from "../../orchestrator/io/repository-reader.ts";
import type { CheckGoal } from "../../orchestrator/schema/test-report.ts";
import { runCheck } from "../run-check.test-support.ts";
import { createPythonAdapter } from "./python-adapter.ts";

const said = (...args: string[]) => spawnSync("python3", args, { encoding: "utf8" });
const version = said("--version").stdout?.trim() ?? "";
const hasPytest = said("-c", "import pytest").status === 0;
const hasPackages = said("-c", "import venv, ensurepip").status === 0;

const check = (files: Readonly<Record<string, string>>, goal: CheckGoal = "test", timeoutMs = 60_000) =>
  runCheck(createPythonAdapter(), { files, goal, timeoutMs });
const code = {
  "pyproject.toml": '[project]\nname = "sample"\n',
  "src/sample.py": "def add(a, b):\n    return a + b\n",
};

describe.skipIf(version === "")(version === "" ? "python3 is not installed" : `unittest of ${version}`, () => {
  const start = "import os, sys, unittest\nfrom sample import add\n\n";
  const project = (body: string, more: Readonly<Record<string, string>> = {}) => ({
    ...code,
    "tests/test_sample.py": `${start}class Adds(unittest.TestCase):\n${body.replaceAll(/^(?=.)/gm, "    ")}\n`,
    ...more,
  });
  const adds = "def test_adds(self): self.assertEqual(add(1, 2), 3)\n";

  test("tests that pass are passed, with a skip, an expected failure and subtests beside them", async () => {
    const body = `${adds}@unittest.skip("later")
def test_later(self): pass
@unittest.expectedFailure
def test_known(self): self.fail()
def test_table(self):
    for each in range(3):
        with self.subTest(each=each): self.assertEqual(add(each, 0), each)
`;
    const result = await check(project(body));
    expect(result).toMatchObject({
      ...{ verdict: "passed", report: "python-unittest" },
      counts: { passed: 2, skipped: 1, xfail: 1 },
    });
    expect(result.not_passed).toContainEqual({
      ...{ suite: "test_sample.Adds", name: "test_later", outcome: "skipped" },
      ...{ message: "later", duration_ms: expect.any(Number) },
    });
  });

  test.each([
    ["fails", "def test_fails(self): self.assertEqual(add(1, 1), 3)", { failed: 1 }],
    [
      "fails in one subtest",
      "def test_table(self):\n    for each in range(3):\n        with self.subTest(each=each): self.assertNotEqual(each, 1)",
      { failed: 1 },
    ],
    ["passes though it should not", "@unittest.expectedFailure\ndef test_known(self): pass", { failed: 1 }],
    ["raises", "def test_raises(self): raise OSError('no')", { error: 1 }],
    ["passes and fails to tear down", "def tearDown(self): raise OSError('no')\ndef test_ok(self): pass", { error: 1 }],
    [
      "stands in a class that fails to set up",
      "@classmethod\ndef setUpClass(cls): raise OSError('no')\ndef test_ok(self): pass",
      { error: 1 },
    ],
    ["is only skipped", "@unittest.skip('later')\ndef test_later(self): pass", { skipped: 1 }],
    ["leaves with 0", "def test_leaves(self): os._exit(0)", { crashed: 1 }],
    ["is killed", "def test_dies(self): os.kill(os.getpid(), 11)", { crashed: 1 }],
    ["leaves its class with 0", "@classmethod\ndef setUpClass(cls): sys.exit(0)\ndef test_ok(self): pass", {}],
    ["does not compile", "def test_never(self) pass", { error: 1 }],
  ])("a test that %s fails the check", async (_, body, counts) => {
    expect(await check(project(body))).toMatchObject({ verdict: "failed", counts });
  });

  test("a run that is stopped for its time names the test that hung, and what tests stop is not green", async () => {
    const hangs = await check(project(`${adds}def test_hangs(self):\n    while True: pass`), "test", 4000);
    expect(hangs).toMatchObject({ verdict: "failed", status: "timed_out", counts: { passed: 1, crashed: 1 } });
    const stops = await check(
      project(`${adds}def run(self, result): result.stop(); super().run(result)\ndef test_b(self): pass`),
    );
    expect(stops).toMatchObject({ verdict: "failed", reason: expect.stringContaining("unittest left after 1 of 2") });
  });

  test("a failure is told with its file and line", async () => {
    const result = await check(project("def test_fails(self): self.assertEqual(add(1, 1), 3)"));
    expect(result.not_passed).toMatchObject([
      { file: "tests/test_sample.py", line: 5, message: expect.stringMatching(/^AssertionError: 2 != 3\n/) },
    ]);
  });
});

describe.skipIf(!hasPytest)(hasPytest ? `pytest of ${version}` : "pytest is not installed", () => {
  const project = (body: string, more: Readonly<Record<string, string>> = {}) => ({
    ...code,
    "tests/test_sample.py": `import os\nimport pytest\nfrom sample import add\n\n${body}\n`,
    ...more,
  });
  const adds = "def test_adds(): assert add(1, 2) == 3\n";

  test("tests that pass are passed, with a skip and an expected failure beside them", async () => {
    const body = `${adds}@pytest.mark.skip\ndef test_later(): pass\n@pytest.mark.xfail\ndef test_known(): assert 0\n`;
    expect(await check(project(body))).toMatchObject({
      ...{ verdict: "passed", report: "pytest-junit" },
      counts: { passed: 1, skipped: 1, xfail: 1 },
    });
  });

  test.each([
    ["fails", "def test_fails(): assert add(1, 1) == 3", { failed: 1 }],
    ["passes though it strictly should not", "@pytest.mark.xfail(strict=True)\ndef test_known(): pass", { failed: 1 }],
    ["leaves with 0 by itself", "def test_leaves(): os._exit(0)", {}],
    ["is killed", "def test_dies(): os.kill(os.getpid(), 11)", {}],
    ["ends the session with 0", `${adds}def test_ends(): pytest.exit('x', returncode=0)`, { crashed: 1 }],
    ["is only skipped", "@pytest.mark.skip\ndef test_later(): pass", { skipped: 1 }],
    ["does not compile", "def test_never() pass", { error: 1 }],
    ["hangs", "def test_hangs():\n    while True: pass", {}],
  ])("a test that %s fails the check", async (_, body, counts) => {
    expect(await check(project(body), "test", 6000)).toMatchObject({ verdict: "failed", counts });
  });

  test("a session that ends with 0 between two tests is not passed, though its report is whole", async () => {
    const body = `@pytest.fixture\ndef ends():\n    yield 1\n    pytest.exit('x', returncode=0)\ndef test_one(ends): pass\ndef test_two(): assert 0\n`;
    const result = await check(project(body));
    expect(result).toMatchObject({ verdict: "failed", exit_code: 70, counts: { passed: 1 } });
    expect(result.output_tail).toContain("pytest left after 0 of 2 tests");
  });

  test("no tests, and settings that select none, are never green", async () => {
    const settings = { "pytest.ini": "[pytest]\naddopts = -k nothing --junitxml=elsewhere.xml\n" };
    expect(await check(project(adds, settings))).toMatchObject({ verdict: "failed", exit_code: 5, counts: {} });
    expect(await check({ ...code, "conftest.py": "" })).toMatchObject({ verdict: "failed", exit_code: 5 });
  });
});

test.skipIf(!hasPackages)(
  "packages that pip installed are found from another folder, and those of another version not taken",
  async () => {
    const home = mkdtempSync(join(tmpdir(), "python packages "));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const [first, second] = [join(home, "first"), join(home, "second")];
    const files = {
      ...code,
      "requirements.txt": "--no-index\n--find-links wheels\ndistant-lib==1.0\n",
      "tests/test_sample.py":
        "import unittest, distant\nclass T(unittest.TestCase):\n    def test_it(self): self.assertEqual(distant.x, 7)\n",
    };
    await mkdir(join(first, "wheels"), { recursive: true });
    await writeFile(join(first, "requirements.txt"), files["requirements.txt"]);
    expect(said("-c", makeWheel, join(first, "wheels", "distant_lib-1.0-py3-none-any.whl")).status).toBe(0);
    const adapter = createPythonAdapter();
    const need = await adapter.dependencies(createDirectoryReader(first));
    const [program = "", ...args] = need.install?.argv ?? [];
    const done = spawnSync(program, args, {
      cwd: first,
      encoding: "utf8",
      env: { ...process.env, ...need.install?.env },
    });
    expect(done.stderr).toBe("");
    expect(done.status).toBe(0);
    expect(await adapter.compareInstalled(createDirectoryReader(first), "requirements.txt")).toBe("same");
    const pins = await readFile(join(first, "requirements.txt"), "utf8");
    await writeFile(join(first, "requirements.txt"), pins.replace("1.0", "1.1"));
    expect(await adapter.compareInstalled(createDirectoryReader(first), "requirements.txt")).toBe("different");
    await mkdir(second);
    await rename(join(first, ".venv"), join(second, ".venv"));
    await rm(join(second, ".venv", "bin", "python"));
    const result = await runCheck(adapter, {
      ...{ files, goal: "test", timeoutMs: 60_000 },
      links: { ".venv": join(second, ".venv") },
    });
    expect(result).toMatchObject({ verdict: "passed", counts: { passed: 1 } });
  },
);

const hasPoetry = spawnSync("poetry", ["--version"], { stdio: "ignore" }).status === 0;

test.skipIf(!hasPoetry || !hasPackages)(
  "packages that Poetry locked and installed are found, and tests are run with them",
  async () => {
    const home = mkdtempSync(join(tmpdir(), "python poetry "));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    await mkdir(join(home, "wheels"));
    expect(said("-c", makeWheel, join(home, "wheels", "distant_lib-1.0-py3-none-any.whl")).status).toBe(0);
    const manifest = `[tool.poetry]
package-mode = false
[tool.poetry.dependencies]
python = ">=3.9"
distant-lib = { path = "wheels/distant_lib-1.0-py3-none-any.whl" }
`;
    await writeFile(join(home, "pyproject.toml"), manifest);
    const env = { ...process.env, HOME: home, POETRY_CACHE_DIR: join(home, "cache") };
    const run = (program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
      spawnSync(program, args, { cwd: home, encoding: "utf8", env: { ...env, ...more } });
    expect(run("poetry", ["lock", "--no-interaction"])).toMatchObject({ status: 0 });
    const adapter = createPythonAdapter();
    const need = await adapter.dependencies(createDirectoryReader(home));
    expect(need).toMatchObject({ lockFile: "poetry.lock", install: { goal: "install" } });
    const [program = "", ...args] = need.install?.argv ?? [];
    expect(run(program, args, need.install?.env)).toMatchObject({ status: 0 });
    const files = {
      "pyproject.toml": manifest,
      "poetry.lock": await readFile(join(home, "poetry.lock"), "utf8"),
      "tests/test_sample.py":
        "import unittest, distant\nclass T(unittest.TestCase):\n    def test_it(self): self.assertEqual(distant.x, 7)\n",
    };
    const result = await runCheck(adapter, {
      ...{ files, goal: "test", timeoutMs: 60_000 },
      links: { ".venv": join(home, ".venv") },
    });
    expect(result).toMatchObject({ verdict: "passed", counts: { passed: 1 } });
  },
);

const makeWheel = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w") as wheel:
    info = "distant_lib-1.0.dist-info/"
    wheel.writestr("distant.py", "x = 7\\n")
    wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: distant-lib\\nVersion: 1.0\\n")
    wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "RECORD", "".join(f"{name},,\\n" for name in ["distant.py", info + "METADATA", info + "WHEEL", info + "RECORD"]))
`;
