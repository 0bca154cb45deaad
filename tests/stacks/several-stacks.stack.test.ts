import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { createPlayground } from "../support/playground.ts";
import { recipeGoal } from "../support/recipe-task.ts";

const files = {
  "package.json": '{"name":"web","private":true,"scripts":{"test":"node --test test/paths.test.js"}}\n',
  "src/paths.js": 'const path = require("path");\nexports.joined = (...parts) => path.join(...parts);\n',
  "test/paths.test.js":
    'const { test } = require("node:test");\nconst assert = require("node:assert");\ntest("adds", () => assert.equal(require("../src/paths.js").joined("a", "b"), "a/b"));\n',
  "services/api/go.mod": "module example.test/api\n\ngo 1.19\n",
  "services/api/add.go": "package api\n\nfunc Add(a, b int) int { return a + b }\n",
  "services/api/add_test.go":
    'package api\n\nimport "testing"\n\nfunc TestAdds(t *testing.T) {\n\tif Add(1, 2) != 3 {\n\t\tt.Fatal("no")\n\t}\n}\n',
  "tools/py/pyproject.toml":
    '[project]\nname = "tool"\nversion = "1.0.0"\n\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
  "tools/py/tool.py": "def add(a, b):\n    return a + b\n",
  "tools/py/tests/test_tool.py":
    "import pytest\nfrom tool import add\n\ndef test_adds():\n    assert add(1, 2) == 3\n\n@pytest.mark.xfail\ndef test_later():\n    assert add(1, 1) == 3\n",
};

const missing = [
  ["go", "version"],
  ["python3", "-m", "pytest", "--version"],
].find(([program = "", ...args]) => spawnSync(program, args).status !== 0);

test.skipIf(missing !== undefined)(
  `a repository of Node, Go and Python is built, tested and compared in each${missing === undefined ? "" : `: ${missing.join(" ")} does not work here`}`,
  async () => {
    const playground = createPlayground(files);
    const run = await (await playground.orchestrator()).run({
      ...recipeGoal,
      scope: { include: ["src/**"], exclude: [] },
    });
    const manifest = await run.finished();
    expect(manifest.status_detail).toBe("every gate passed");
    expect(manifest.workspace?.projects?.map(({ root, adapter, goals }) => [root, adapter, ...goals])).toEqual([
      [".", "javascript", "test"],
      ["services/api", "go", "build", "lint", "test"],
      ["tools/py", "python", "test"],
    ]);
    expect(
      manifest.tests?.checks.map(({ goal, root = ".", verdict, report }) => [goal, root, verdict, report]),
    ).toEqual([
      ["build", "services/api", "passed", null],
      ["lint", "services/api", "passed", null],
      ["test", ".", "passed", "node-test-junit"],
      ["test", "services/api", "passed", "go-test-json"],
      ["test", "tools/py", "passed", expect.any(String)],
    ]);
    expect(manifest.tests?.comparison).toMatchObject({ counts: { pass_to_pass: 4, pass_to_fail: 0, removed: 0 } });
    expect(await playground.problems(run.key)).toEqual([]);
  },
);
