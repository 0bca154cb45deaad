import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { nodeProtocol } from "../codemods/node-protocol.ts";
import { shippedCrossFile } from "../cross-file/shipped-cross-file.ts";
import { shippedLintRules } from "../lint/shipped-lint-rules.ts";
import { shippedCodemods } from "../pattern-library.ts";
import { readFixtures } from "./pattern-fixtures.ts";
import { createPatternWorkbench } from "./pattern-workbench.ts";
import { readProjectFixtures, testProject } from "./project-fixtures.ts";
import { testFixture } from "./test-pattern.ts";

const folder = fileURLToPath(new URL("../fixtures/", import.meta.url));

test.each(shippedCodemods().map((codemod) => [codemod.id, codemod] as const))(
  "every fixture of %s holds, and can fail",
  async (id, codemod) => {
    const results = (await readFixtures(folder, id)).map((fixture) => testFixture(codemod, fixture));
    expect(results.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(results.length).toBeGreaterThan(2);
  },
);

test.each(shippedCrossFile().map((codemod) => [codemod.id, codemod] as const))(
  "every project of %s holds, and can fail",
  async (id, codemod) => {
    const results = [];
    for (const fixture of await readProjectFixtures(folder, id)) results.push(await testProject(codemod, fixture));
    expect(results.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(results.length).toBeGreaterThan(2);
  },
);

test.each([
  ["import 'fs';", "import 'node:fs';\n", /differs .* at line 2/],
  ["import './fs';", "import 'node:fs';", /was not changed/],
  ["import 'fs'; (", "import 'node:fs'; (", /skipped: parse error/],
  ["import 'fs';", null, /should stay, and is changed/],
  ["// nothing\n", null, /the prefilter turns it away[\s\S]*nothing shows that it can fail/],
  ["const a = b('fs');\n", null, /^nothing shows that it can fail/],
])("a fixture with %j before and %j after is found wrong", (before, after, problem) => {
  const { problems } = testFixture(nodeProtocol, { name: "case", path: "src/case.mjs", before, after });
  expect(problems.join("\n")).toMatch(problem);
});

test("a place that the fixture does not show is noticed as forgotten", () => {
  const fixture = {
    name: "case",
    path: "a.mjs",
    before: "import 'fs';\nimport 'os';\n",
    after: "import 'node:fs';\nimport 'node:os';\n",
  };
  expect(testFixture(nodeProtocol, fixture)).toMatchObject({ problems: [], mutants: 2, noticed: 2 });
});

test("a file among fixtures without its counterpart is refused", async () => {
  const place = temporaryFolder();
  mkdirSync(join(place, "x"));
  writeFileSync(join(place, "x/a.before.ts"), "");
  await expect(readFixtures(place, "x")).rejects.toThrow(/a\.before\.ts is no fixture/);
  writeFileSync(join(place, "x/a.change.txt"), "-- a.ts --\n");
  await expect(readProjectFixtures(place, "x")).rejects.toThrow(/is no fixture/);
});

test("where no linter can be loaded, the other patterns are tested, and each rule is named with the reason", async () => {
  const loadRunner = async () => Promise.reject(new OrchestratorError("linter_unavailable", "no linter"));
  const bench = createPatternWorkbench({ clock: systemClock, workerModule: null, threads: 0, loadRunner });
  const results = await bench.test(null, temporaryFolder());
  const untested = results.filter((result) => result.untested === "no linter").map(({ pattern }) => pattern);
  expect(untested).toEqual(shippedLintRules().map(({ id }) => id));
  expect(results.some(({ pattern, untested }) => pattern === "node-protocol" && untested === undefined)).toBe(true);
  await expect(bench.test("lint/node-protocol", temporaryFolder())).rejects.toThrow("no linter");
});
