import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeAdapter, readerOf } from "../adapter.contract.ts";
import { createPythonAdapter } from "./python-adapter.ts";

const fixture = (name: string) => readFileSync(new URL(`../reports/fixtures/${name}`, import.meta.url), "utf8");
const named = { "pyproject.toml": '[project]\nname = "sample"\n' };
const pytest = { ...named, "tests/conftest.py": "", "tests/test_a.py": "def test_a(): pass\n" };
const plain = { "setup.py": "", "test_a.py": "import unittest\n" };

describeAdapter("the Python adapter", createPythonAdapter, {
  projects: [
    { name: "a project without tests", files: named, goals: [], installs: false },
    { name: "a project with pytest", files: pytest, goals: ["test"], installs: false },
    { name: "a project with unittest", files: plain, goals: ["test"], installs: false },
    { name: "a project of uv", files: { ...pytest, "uv.lock": "version = 1\n" }, goals: ["test"], installs: true },
    { name: "a project of Poetry", files: { ...pytest, "poetry.lock": "" }, goals: ["test"], installs: true },
    { name: "a project of PDM", files: { ...pytest, "pdm.lock": "" }, goals: ["test"], installs: false },
    {
      name: "a list of pinned requirements",
      files: { ...plain, "requirements.txt": "flask==3.1.0\n" },
      goals: ["test"],
      installs: true,
    },
    {
      name: "a list of loose requirements and linters",
      files: { ...plain, "requirements.txt": "flask>=3\n", "ruff.toml": "", "mypy.ini": "[mypy]\n" },
      goals: ["lint", "test"],
      installs: false,
    },
  ],
  reports: [
    { name: "pytest", files: pytest, passing: fixture("pytest-9-passed.xml") },
    { name: "unittest", files: plain, passing: fixture("python-3.11-unittest-passed.jsonl") },
  ],
});

test("settings of pytest alone are a weak mark, so that a folder of tests is no project beside the one around it", async () => {
  const detection = await createPythonAdapter().detect(readerOf({ "pytest.ini": "[pytest]\n" }));
  expect(detection?.confidence).toBeLessThan(0.8);
});

test.each([
  [
    { "pyproject.toml": '[project]\nname = "a"\n', "uv.lock": "" },
    0.95,
    ["pyproject.toml: the project a", "uv.lock: uv"],
  ],
  [{ "pyproject.toml": '[tool.poetry]\nname = "a"\n' }, 0.95, ["pyproject.toml: the project a"]],
  [
    { "pyproject.toml": '[build-system]\nbuild-backend = "hatchling.build"\n' },
    0.9,
    ["pyproject.toml: built by hatchling.build"],
  ],
  [{ "pyproject.toml": "[tool.ruff]\n" }, 0.6, ["pyproject.toml: settings of tools"]],
  [{ "setup.cfg": "[metadata]\nname = a\n" }, 0.9, ["setup.cfg: setuptools"]],
  [{ "requirements.txt": "" }, 0.8, ["requirements.txt: requirements for pip"]],
  [{ "tox.ini": "" }, 0.7, ["tox.ini: tox"]],
])("%j is told with its evidence", async (files, confidence, evidence) => {
  expect(await createPythonAdapter().detect(readerOf(files))).toEqual({
    ...{ adapter: "python", confidence, evidence },
    roots: ["."],
  });
});

test("a setup.cfg that belongs to other tools says nothing of Python", async () => {
  expect(await createPythonAdapter().detect(readerOf({ "setup.cfg": "[flake8]\n" }))).toBeNull();
});

test("uv and Poetry bring what the checks need, from the lock file and in the project", async () => {
  const text = `${named["pyproject.toml"]}[dependency-groups]\ndev = ["x"]\ndocs = []\n[project.optional-dependencies]\ntest = []\ngpu = []\n`;
  const poetry = ["poetry", "install", "--no-interaction", "--no-root", "--extras", "test"];
  const { dependencies } = createPythonAdapter();
  expect(await dependencies(readerOf({ "pyproject.toml": text, "uv.lock": "" }))).toMatchObject({
    lockFile: "uv.lock",
    folders: [".venv"],
    install: {
      argv: ["uv", "sync", "--frozen", "--no-install-workspace", "--no-build", "--group", "dev", "--extra", "test"],
      env: { UV_PROJECT_ENVIRONMENT: ".venv", UV_PYTHON_DOWNLOADS: "never" },
    },
  });
  expect(await dependencies(readerOf({ "pyproject.toml": text, "poetry.lock": "" }))).toMatchObject({
    lockFile: "poetry.lock",
    install: {
      argv: ["sh", "-c", expect.anything(), "sh", ...poetry],
      env: { POETRY_VIRTUALENVS_IN_PROJECT: "true" },
    },
  });
});

test.each([
  [{ "pdm.lock": "" }, { needed: true, unsupported: expect.stringContaining("pdm.lock is not read") }],
  [{}, { needed: false, reason: expect.stringContaining("no lock file is there, so the commands find only what") }],
  [
    { "requirements.txt": "a==1", "requirements-dev.txt": "b==2" },
    { needed: false, reason: expect.stringContaining("several lists") },
  ],
  [{ "requirements.txt": "-r other.txt" }, { needed: false, reason: expect.stringContaining("'-r other.txt'") }],
])("what %j cannot pin is told, and not installed", async (files, need) => {
  expect(await createPythonAdapter().dependencies(readerOf({ ...named, ...files }))).toMatchObject({
    ...need,
    install: null,
  });
});

test.each([
  [{ "pyproject.toml": "[tool.ruff.lint]\n" }, [/ruff" check/]],
  [{ "setup.cfg": "[metadata]\n[mypy]\n" }, [/-m mypy --cache-dir=\/dev\/null \.$/]],
  [{ "pyproject.toml": '[tool.ruff]\n[tool.mypy]\nfiles = ["a"]\n' }, [/ruff" check .* && .*-m mypy \S+$/]],
])("%j is linted by what it configures", async (files, shapes) => {
  const plan = await createPythonAdapter().plan(readerOf(files), "lint", "/reports");
  for (const shape of shapes) expect(plan?.argv.at(-1)).toMatch(shape);
});

test.each([
  [{ "pyproject.toml": "[tool.ruff.format]\n" }, /ruff" format --check /],
  [{ "pyproject.toml": "[tool.black]\n" }, /-m black --check --extend-exclude '\/\\\.venv\/' \.$/],
  [{ "pyproject.toml": "[tool.ruff.lint]\n" }, null],
])("the format of %j is looked at where a formatter is configured", async (files, shape) => {
  const plan = await createPythonAdapter().plan(readerOf(files), "format", "/reports");
  if (shape === null) expect(plan).toBeNull();
  else expect(plan?.argv.at(-1)).toMatch(shape);
});
