import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { findFixtures } from "../../apply/find-shipped.ts";
import { readFixtures } from "../../apply/pattern-fixtures.ts";
import { nodeProtocol } from "../../codemods/node-protocol.ts";
import { structuredEventEmit } from "../../codemods/structured-event-emit.ts";
import { eslintPlugin } from "../eslint-plugin.ts";
import { nodeProtocolRule } from "../rules/node-protocol.ts";
import { structuredEventRule } from "../rules/structured-event.ts";
import { readLintFixtures } from "./lint-fixtures.ts";
import { loadEslint } from "./load-eslint.ts";
import { testLintRule } from "./test-lint-rule.ts";

const runner = await loadEslint();

test.each(Object.entries(eslintPlugin.rules))("every fixture of lint/%s holds, and can fail", async (name, rule) => {
  const fixtures = await readLintFixtures(await findFixtures(), `lint/${name}`);
  const results = fixtures.map((fixture) => testLintRule(name, rule, fixture, runner));
  expect(results.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(results.length).toBeGreaterThan(1);
});

test.each([
  ["import 'fs';\n", "import 'fs';\n", /found in the lines 1, expected in none/],
  ["import 'fs'; // found\n", "import 'fs'; // found\n", /the fixes give another text/],
  ["import 'node:fs'; // found\n", "import 'node:fs'; // found\n", /found in the lines none, expected in 1/],
  ["const a = 1;\n", "const a = 1;\n", /^nothing shows that it can fail$/],
])("a fixture with %j, fixed as %j, is found wrong", (text, fixed, problem) => {
  const { problems } = testLintRule("x", nodeProtocolRule, { name: "case", path: "src/case.ts", text, fixed }, runner);
  expect(problems.join("\n")).toMatch(problem);
});

test.each([
  [nodeProtocol.id, nodeProtocolRule],
  [structuredEventEmit.id, structuredEventRule],
])("the fixes of the rule give what the codemod %s gives", async (id, rule) => {
  for (const { path, before, after } of await readFixtures(await findFixtures(), id)) {
    expect(runner.fix({ rule, path, text: before })).toBe(after ?? before);
  }
});

test("a file among fixtures without its counterpart is refused", async () => {
  const place = temporaryFolder();
  mkdirSync(join(place, "x"));
  writeFileSync(join(place, "x/a.fixed.ts"), "");
  await expect(readLintFixtures(place, "x")).rejects.toThrow(/a\.fixed\.ts is no fixture/);
});
