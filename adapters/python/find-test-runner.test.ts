import { expect, test } from "vitest";
import { readerOf, type SampleFiles } from "../adapter.contract.ts";
import { findTestRunner } from "./find-test-runner.ts";
import { readPythonProject } from "./python-project.ts";

async function runnerOf(files: SampleFiles): Promise<string | null> {
  const reader = readerOf({ "setup.py": "", ...files });
  const project = await readPythonProject(reader);
  if (project === null) throw new Error("the sample is no project");
  return findTestRunner(reader, project);
}

test.each<SampleFiles>([
  { "pytest.ini": "" },
  { "conftest.py": "" },
  { "tests/unit/conftest.py": "" },
  { "pyproject.toml": "[tool.pytest.ini_options]\n" },
  { "setup.cfg": "[tool:pytest]\n" },
  { "tox.ini": "[testenv]\ncommands = pytest {posargs}\n" },
  { "requirements-dev.txt": "pytest~=9.0\n" },
  { "pyproject.toml": '[dependency-groups]\ndev = ["pytest>=8"]\n' },
  { "tests/test_a.py": "import unittest\nimport pytest\n" },
  { "src/pkg/tests/test_a.py": "async def test_a(): pass\n" },
  { "pkg/test/a_test.py": "def test_a():\n    pass\n" },
])("%j is tested by pytest", async (files) => {
  expect(await runnerOf(files)).toBe("pytest");
});

test.each<SampleFiles>([
  { "tests/test_a.py": "import unittest\nclass T(unittest.TestCase):\n    def test_a(self): pass\n" },
  { "test_a.py": "", "requirements.txt": "pytest-like==1\n" },
])("%j is tested by unittest", async (files) => {
  expect(await runnerOf(files)).toBe("unittest");
});

test("a project without tests has no runner", async () => {
  expect(await runnerOf({ "pkg/code.py": "", ".hidden/tests/test_a.py": "" })).toBeNull();
});
