import { expect, test } from "vitest";
import { readerOf } from "../adapter.contract.ts";
import { findCheckPaths } from "./find-check-paths.ts";

const changes = (kind: "added" | "modified" | "deleted", ...paths: string[]) =>
  paths.map((path) => ({ path, kind, mode: "100644", insertions: 1, deletions: 1 }));
const none = readerOf({});

test("settings of runners and linters, and modules that would stand in for them, decide the checks", async () => {
  const deciding = ["pytest.ini", ".ruff.toml", "a/conftest.py", "tox.ini", "setup.cfg", "mypy.ini"];
  const standIns = ["pytest.py", "src/sitecustomize.py", "unittest/__init__.py"];
  const other = ["a/pytest.py", "tests/test_a.py", "setup.py", "requirements.txt", "src/unittests.py"];
  const changed = changes("added", ...deciding, ...standIns, ...other);
  expect(await findCheckPaths(changed, none, none)).toEqual([...deciding, ...standIns]);
});

test("tests that are gone decide the checks", async () => {
  const tests = ["test_a.py", "pkg/a_test.py", "tests/data.py", "pkg/tests.py"];
  expect(await findCheckPaths(changes("deleted", ...tests, "pkg/latest.py", "a.py"), none, none)).toEqual(tests);
});

test("a pyproject.toml decides them where the settings of a runner or linter differ", async () => {
  const of = (text: string) => readerOf({ "pyproject.toml": text });
  const before = '[project]\nversion = "1"\n[tool.pytest.ini_options]\naddopts = "-x"\n';
  const changed = changes("modified", "pyproject.toml");
  expect(await findCheckPaths(changed, of(before), of(before.replace("1", "2")))).toEqual([]);
  expect(await findCheckPaths(changed, of(before), of(before.replace("-x", "-k a")))).toEqual(["pyproject.toml"]);
  expect(await findCheckPaths(changed, none, of(before))).toEqual(["pyproject.toml"]);
});
