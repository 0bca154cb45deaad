import { join, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { createFile } from "../../../orchestrator/io/files.ts";
import { type LinterQuestion, pluginName, type ReadAnswer, readJson, type ToldFinding } from "./linter-answer.ts";

const Answer = z.array(
  z.object({
    filePath: z.string(),
    messages: z.array(
      z.object({
        ruleId: z.string().nullable(),
        message: z.string(),
        fatal: z.boolean().optional(),
        line: z.int().optional(),
        column: z.int().optional(),
        endLine: z.int().optional(),
        endColumn: z.int().optional(),
      }),
    ),
  }),
);

/** Writes a flat config with the rules alone; resolves with the arguments of ESLint. No configuration of the repository counts. */
export async function eslintArguments(question: LinterQuestion, parser: string | null): Promise<readonly string[]> {
  const { folder, plugin, rules, paths } = question;
  const config = join(folder, "eslint.config.mjs");
  const levels = Object.fromEntries(rules.map((rule) => [`${pluginName}/${rule}`, "error"]));
  const options = { parserOptions: { ecmaFeatures: { jsx: true } } };
  const lines = [
    `import plugin from ${JSON.stringify(pathToFileURL(plugin).href)};`,
    parser === null
      ? ""
      : `import * as loaded from ${JSON.stringify(pathToFileURL(parser).href)};\nconst parser = loaded.default ?? loaded;`,
    "export default [{",
    `  files: ["**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"],`,
    `  plugins: { ${JSON.stringify(pluginName)}: plugin },`,
    `  languageOptions: { ${parser === null ? "" : "parser, "}...${JSON.stringify(options)} },`,
    `  linterOptions: { reportUnusedDisableDirectives: "off" },`,
    `  rules: ${JSON.stringify(levels)},`,
    "}];",
  ];
  await createFile(config, lines.join("\n"));
  return ["--config", config, "--no-ignore", "--no-warn-ignored", "--format", "json", "--", ...paths];
}

/** Reads what ESLint said. An answer about other files than it was asked for is none. */
export function readEslint(stdout: string, { root, paths }: LinterQuestion): ReadAnswer {
  const parsed = Answer.safeParse(readJson(stdout));
  if (!parsed.success) return { ok: false, reason: "its answer is not the JSON that it should be" };
  if (parsed.data.length !== paths.length)
    return { ok: false, reason: `it was given ${paths.length} files and linted ${parsed.data.length}` };
  const findings: ToldFinding[] = [];
  const unread: { path: string; reason: string }[] = [];
  for (const { filePath, messages } of parsed.data) {
    const path = relative(root, filePath).split(sep).join("/");
    for (const { ruleId, message, fatal, line = 1, column = 1, endLine = line, endColumn = column } of messages) {
      if (fatal === true || ruleId === null) unread.push({ path, reason: message });
      // A comment in the file can turn on rules of its own.
      else if (ruleId.startsWith(`${pluginName}/`)) {
        const rule = ruleId.slice(pluginName.length + 1);
        findings.push({ rule, path, message, place: { line, column, endLine, endColumn } });
      }
    }
  }
  return { ok: true, answer: { findings, unread } };
}
