import { join, relative } from "node:path";
import * as parser from "@typescript-eslint/parser";
import { ESLint } from "eslint";
import { expect, test } from "vitest";
import { systemClock } from "../../../orchestrator/io/clock.ts";
import type { LintRequest } from "../../../orchestrator/schema/pattern-workbench.ts";
import {
  type Content,
  fingerprint,
  temporaryFolder,
  writeFiles,
} from "../../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { eslintPlugin } from "../eslint-plugin.ts";
import { ruleCases } from "../rule-cases.test-support.ts";
import { findLinter } from "./find-linter.ts";
import { findPluginModule } from "./find-plugin-module.ts";
import { lintFolder } from "./lint-folder.ts";

async function lint(folder: string, more: Partial<LintRequest> = {}) {
  const plugin = await findPluginModule();
  const parts = {
    clock: systemClock,
    plugin,
    node: process.execPath,
    environment: { PATH: process.env["PATH"] ?? "" },
  };
  return lintFolder(parts, { folder, rules: [], linter: "auto", timeoutMs: 60_000, ...more });
}

function folderOf(files: Record<string, Content>): string {
  const folder = temporaryFolder();
  writeFiles(folder, files);
  return folder;
}

/** Every text of the rules' tables that takes the default options, in a folder of its own, and some odd names and line ends. */
function caseFiles(): Record<string, string> {
  const cases = Object.entries(ruleCases).flatMap(([rule, all]) =>
    all
      .filter(({ options }) => options === undefined)
      .map(({ code, filename = "src/file.ts" }, index) => [`${rule}/${index}/${filename}`, code] as const),
  );
  return {
    ...Object.fromEntries(cases),
    "odd/-ü [a] b.ts":
      '\uFEFF/* 😀é */ import "fs"; import "os"\r\nconst a = 1\u2028console.log("ü", a)\rprocess.exit(1)',
    "odd/off.js":
      '// eslint-disable-next-line codex-orchestrator/node-protocol\nrequire("fs");\n/* eslint no-console: error */\nconsole.log(1);\n',
  };
}

test("ESLint in this process and oxlint through patterns lint find the same in the same places", async () => {
  const folder = folderOf(caseFiles());
  const before = fingerprint(folder);
  const eslint = new ESLint({
    cwd: folder,
    overrideConfigFile: true,
    overrideConfig: [
      { files: ["**/*.{js,cjs,mjs,ts,cts}"], languageOptions: { parser } },
      { ...eslintPlugin.configs.recommended, plugins: { "codex-orchestrator": eslintPlugin } },
    ],
  });
  const direct = (await eslint.lintFiles(["**/*.{js,cjs,mjs,ts,cts}"])).flatMap(({ filePath, messages }) =>
    messages
      .filter(({ ruleId }) => ruleId?.startsWith("codex-orchestrator/"))
      .map(({ ruleId, line, column, endLine, endColumn, message }) => ({
        rule: ruleId?.replace("codex-orchestrator", "lint"),
        path: relative(folder, filePath),
        line,
        column,
        end_line: endLine,
        end_column: endColumn,
        message,
      })),
  );
  const byOxlint = await lint(folder, { linter: "oxlint" });
  expect(byOxlint).toMatchObject({ outcome: "found", unread: [], linter: { name: "oxlint" } });
  const byText = (findings: readonly object[]) => findings.map((finding) => JSON.stringify(finding)).sort();
  expect(byText(byOxlint.findings)).toEqual(byText(direct));
  expect(new Set(byOxlint.findings.map(({ rule }) => rule))).toEqual(
    new Set(Object.keys(ruleCases).map((name) => `lint/${name}`)),
  );
  const odd = byOxlint.findings.filter(({ path }) => path.startsWith("odd/"));
  expect(odd.map(({ path, line, column }) => [path, line, column])).toEqual([
    ["odd/-ü [a] b.ts", 1, 18],
    ["odd/-ü [a] b.ts", 1, 31],
    ["odd/-ü [a] b.ts", 3, 1],
    ["odd/-ü [a] b.ts", 4, 1],
    ["odd/off.js", 4, 1],
  ]);
  expect(fingerprint(folder)).toEqual(before);
});

test("ESLint takes oxlint's place, and a file that nobody can parse is not clean", async () => {
  const folder = folderOf({
    "a.ts": 'import "fs";\nlet b: number = process.exit(1);\n',
    "broken.ts": "const (",
    "c.js": "f();\n",
  });
  const { outcome, findings, unread, linter } = await lint(folder, { linter: "eslint" });
  expect([outcome, linter.name, unread.map(({ path }) => path)]).toEqual(["found", "eslint", ["broken.ts"]]);
  expect(findings.map(({ rule, path, line, column, end_column: end }) => [rule, path, line, column, end])).toEqual([
    ["lint/node-protocol", "a.ts", 1, 8, 12],
    ["lint/no-process-exit-in-library", "a.ts", 2, 17, 32],
  ]);
});

test("what codemods leave alone is not linted, and the repository's own configuration does not count", async () => {
  const found = 'import "fs";\n';
  const folder = folderOf({
    ".gitignore": "ignored/\n",
    ".oxlintrc.json": '{ "rules": { "no-debugger": "error" }, "ignorePatterns": ["**"] }',
    "eslint.config.js": "export default [{ ignores: ['**'] }];\n",
    "src/a.js": `debugger; ${found}`,
    "ignored/b.js": found,
    "node_modules/c/index.js": found,
    "src/d.generated.js": found,
    "src/e.js": `// @generated\n${found}`,
  });
  const { findings, skipped, files } = await lint(folder);
  expect(findings.map(({ path }) => path)).toEqual(["src/a.js"]);
  expect(files).toBe(2);
  expect(skipped.map(({ path }) => path)).toEqual(["ignored/", "node_modules/", "src/d.generated.js", "src/e.js"]);
});

const answer = (files: number, rules = 6) =>
  JSON.stringify({ diagnostics: [], number_of_files: files, number_of_rules: rules });

/** A folder with a source, and an oxlint of its own that runs a script. */
function withOxlint(script: string, version = "99.0.0"): string {
  const manifest = { name: "oxlint", version, bin: { oxlint: "bin/oxlint" } };
  return folderOf({
    "a.js": "f();\n",
    "node_modules/oxlint/package.json": JSON.stringify(manifest),
    "node_modules/oxlint/bin/oxlint": script,
  });
}

test.each([
  ["crashes", 'process.stdout.write("{}"); process.abort();', /ended by SIGABRT/],
  ["ends with a code of its own", `console.log(${JSON.stringify(answer(1))}); process.exitCode = 2;`, /exit code 2/],
  ["says nothing", "", /not the JSON that it should be/],
  ["is cut off", `console.log(${JSON.stringify(answer(1).slice(0, -2))});`, /not the JSON that it should be/],
  ["leaves files out", `console.log(${JSON.stringify(answer(0))});`, /was given 1 files and linted 0/],
  ["leaves rules out", `console.log(${JSON.stringify(answer(1, 5))});`, /was given 6 rules and ran 5/],
  ["does not end", "setInterval(() => {}, 1000);", /took longer than/],
])("a linter that %s is never taken for clean", async (_, script, reason) => {
  const timeoutMs = script.startsWith("setInterval") ? 300 : 60_000;
  await expect(lint(withOxlint(script), { timeoutMs })).rejects.toThrow(reason);
});

test("the linter of the repository comes first, and one that is too old is passed over", async () => {
  const own = withOxlint(`console.log(${JSON.stringify(answer(1))});`);
  expect(await lint(own)).toMatchObject({ outcome: "clean", linter: { version: "99.0.0" } });
  const old = withOxlint("", "1.2.0");
  expect((await findLinter(old, "auto")).version).not.toBe("1.2.0");
  await expect(findLinter(old, "auto", join(old, "a.js"))).rejects.toThrow(
    /no oxlint 1\.60 or eslint 9\.15, or later, .*npm install --save-dev oxlint/,
  );
});

test("a rule that is not there, and a folder without sources, are faults", async () => {
  const folder = folderOf({ "README.md": "no source\n" });
  await expect(lint(folder, { rules: ["lint/none"] })).rejects.toThrow(
    /no lint rule is called lint\/none; the library has lint\/no-floating-run/,
  );
  await expect(lint(folder)).rejects.toThrow(/holds no JavaScript or TypeScript/);
});
