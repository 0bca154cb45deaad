import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { createDirectoryReader } from "../orchestrator/io/repository-reader.ts";
import type { CommandPlan, LanguageAdapter } from "../orchestrator/schema/adapter-port.ts";
import type { CommandOutcome } from "../orchestrator/schema/process-port.ts";
import type { CheckResult, PlanGoal } from "../orchestrator/schema/test-report.ts";
import { outcomeOf } from "./adapter.contract.ts";

/** A project and the check that is run in it. */
export interface SampleCheck {
  readonly files: Readonly<Record<string, string>>;
  readonly goal: PlanGoal;
  readonly timeoutMs: number;
  /** Links to make in the project, by their names, and where they lead. */
  readonly links?: Readonly<Record<string, string>>;
  /** Added to PATH and a HOME of its own. */
  readonly env?: Readonly<Record<string, string>>;
  /** The name of the folder of reports, where a tool cannot work below one with quotes. */
  readonly reportFolder?: string;
}

/** Writes the files into a fresh folder, plans the goal and runs the plan for real, without a sandbox. */
export async function runCheck(adapter: LanguageAdapter, sample: SampleCheck): Promise<CheckResult> {
  const home = await mkdtemp(join(tmpdir(), "adapter run "));
  onTestFinished(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const root = join(home, "a package");
  const reportDir = join(home, sample.reportFolder ?? 're\'ports & "more"');
  await mkdir(reportDir);
  for (const [path, text] of Object.entries(sample.files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  for (const [name, target] of Object.entries(sample.links ?? {})) await symlink(target, join(root, name));
  const plan = await adapter.plan(createDirectoryReader(root), sample.goal, reportDir);
  if (plan === null) throw new Error("there is no plan");
  const outcome = await execute(plan, root, { HOME: home, ...sample.env }, sample.timeoutMs);
  const report = plan.reportFile === null ? null : await readFile(plan.reportFile, "utf8").catch(() => null);
  return adapter.read(plan, outcome, report);
}

function execute(
  plan: CommandPlan,
  root: string,
  extra: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<CommandOutcome> {
  const [program, ...args] = plan.argv;
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env["PATH"] ?? "", ...extra, ...plan.env };
    const child = spawn(program, args, {
      cwd: join(root, plan.cwd),
      env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    }, timeoutMs);
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      clearTimeout(timer);
      const status = timedOut ? "timed_out" : signal === null ? "exited" : "signalled";
      resolve(
        outcomeOf({ status, exitCode, signal, outputTail: output, detail: timedOut ? `after ${timeoutMs} ms` : "" }),
      );
    });
  });
}
