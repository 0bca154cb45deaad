import { join } from "node:path";
import { configFileName } from "../../evidence/config-at-commit.ts";
import { specPolicyFileName } from "../../evidence/guard/guard-policies.ts";
import { exists } from "../../io/files.ts";
import { searchPath, whyMissing } from "../../io/find-program.ts";
import { createGit } from "../../io/git.ts";
import { choosePipeline, defaultPipeline } from "../../pipeline/choose-pipeline.ts";
import { guardBeside } from "../../pipeline/guard-program.ts";
import type { PipelineCommand } from "../../schema/pipeline.ts";
import type { CliIo } from "../cli-io.ts";
import { type Examination, isFine } from "./examination.ts";
import { readLocalConfig } from "./read-local-config.ts";

/** Whether `start` would find what each pipeline requires: the default one, and those of the configuration. */
export async function examineGuardrails(io: CliIo, root: string): Promise<Examination> {
  const { settings } = await readLocalConfig(root);
  const pipelines = settings.pipelines ?? {};
  const found: string[] = [];
  const refused: string[] = [];
  for (const name of new Set([defaultPipeline, ...Object.keys(pipelines)])) {
    const missing = await missingIn(io, root, choosePipeline({ name }, { pipelines }).commands);
    if (missing.length === 0) continue;
    refused.push(name);
    found.push(...missing.map((each) => (name === defaultPipeline ? each : `${name}: ${each}`)));
  }
  if (refused.length === 0) return isFine("guardrails", `what ${pipelineNames(pipelines)} requires can be started`);
  const remedy = `install or add what is missing, or change settings.pipelines in ${configFileName}; until then ${refused.map((name) => `start ${name}`).join(", ")} is refused`;
  return { name: "guardrails", level: "warn", found: found.join("; "), remedy };
}

function pipelineNames(pipelines: Readonly<Record<string, unknown>>): string {
  return [...new Set([defaultPipeline, ...Object.keys(pipelines)])].join(", ");
}

async function missingIn(io: CliIo, root: string, commands: readonly PipelineCommand[]): Promise<string[]> {
  const missing: string[] = [];
  for (const command of commands.filter(({ required }) => required)) {
    const isOwnGuard = command.argv?.[0] === "spec-guard" && (await exists(guardBeside(io.program).file));
    const reason = isOwnGuard
      ? await whyUnguarded(command, root)
      : await whyGuardrailMissing(command, root, io.environment["PATH"]);
    if (reason !== null) missing.push(`${command.name}: ${reason}`);
  }
  return missing;
}

/** A guard without a policy cannot tell, and so never passes. */
async function whyUnguarded({ argv = [] }: PipelineCommand, root: string): Promise<string | null> {
  if (argv.includes("--config")) return null;
  const { code } = await createGit(root).run(["cat-file", "-e", `HEAD:${specPolicyFileName}`], {
    okCodes: [0, 1, 128],
  });
  if (code === 0) return null;
  return `the last commit has no ${specPolicyFileName}; run: spec-guard init, and commit it`;
}

async function whyGuardrailMissing(
  { argv, check, project, cwd }: PipelineCommand,
  root: string,
  path: string | undefined,
): Promise<string | null> {
  const [program] = argv ?? [];
  if (program !== undefined) return whyMissing(program, join(root, cwd), searchPath(root, path));
  const { inspectStacks } = await import("../../compose.ts");
  const stacks = (await inspectStacks(root)).filter((stack) => stack.root === (project ?? stack.root));
  const goals: readonly string[] = stacks.flatMap((stack) => stack.goals);
  return goals.includes(check ?? "") ? null : `the repository has no ${check ?? ""} command`;
}
