import { join } from "node:path";
import { z } from "zod";
import { createFile } from "../../../orchestrator/io/files.ts";
import { type LinterQuestion, pluginName, type ReadAnswer, readJson, type ToldFinding } from "./linter-answer.ts";

const Answer = z.object({
  diagnostics: z.array(
    z.object({
      message: z.string(),
      code: z.string().optional(),
      filename: z.string().optional(),
      labels: z.array(z.object({ span: z.object({ offset: z.int().min(0), length: z.int().min(0) }) })),
    }),
  ),
  number_of_files: z.int(),
  number_of_rules: z.int(),
});

/** Writes a configuration with the rules alone; resolves with the arguments of oxlint. No configuration of the repository counts. */
export async function oxlintArguments({ folder, plugin, rules, paths }: LinterQuestion): Promise<readonly string[]> {
  const config = join(folder, "oxlint.json");
  const content = {
    plugins: [],
    categories: { correctness: "off" },
    jsPlugins: [{ name: pluginName, specifier: plugin }],
    rules: Object.fromEntries(rules.map((rule) => [`${pluginName}/${rule}`, "error"])),
  };
  await createFile(config, JSON.stringify(content));
  return ["--config", config, "--disable-nested-config", "--no-ignore", "--format", "json", "--", ...paths];
}

/** Reads what oxlint said. An answer about other files, or by other rules, than it was asked for is none. */
export function readOxlint(stdout: string, { paths, rules }: LinterQuestion): ReadAnswer {
  const parsed = Answer.safeParse(readJson(stdout));
  if (!parsed.success) return { ok: false, reason: "its answer is not the JSON that it should be" };
  const { diagnostics, number_of_files: files, number_of_rules: count } = parsed.data;
  if (files !== paths.length) return { ok: false, reason: `it was given ${paths.length} files and linted ${files}` };
  if (count !== rules.length) return { ok: false, reason: `it was given ${rules.length} rules and ran ${count}` };
  const findings: ToldFinding[] = [];
  const unread: { path: string; reason: string }[] = [];
  for (const { message, code, filename, labels } of diagnostics) {
    const rule = /^codex-orchestrator\((.+)\)$/.exec(code ?? "")?.[1];
    const span = labels[0]?.span;
    if (rule !== undefined && filename !== undefined && span !== undefined) {
      const place = { byte: span.offset, endByte: span.offset + span.length };
      findings.push({ rule, path: filename, message, place });
    } else if (filename !== undefined)
      unread.push({ path: filename, reason: message.split("\n").slice(0, 3).join(" ") });
    else return { ok: false, reason: message };
  }
  return { ok: true, answer: { findings, unread } };
}
