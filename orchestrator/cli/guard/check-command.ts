import { resolve } from "node:path";
import { defaultBase, isContinuousIntegration } from "../../evidence/guard/ci-environment.ts";
import { collectGuardEvidence } from "../../evidence/guard/collect-guard-evidence.ts";
import { joinReports } from "../../gates/guard/join-reports.ts";
import { judgeGuard } from "../../gates/guard/judge-guard.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { CliIo } from "../cli-io.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { resultAnnotations } from "./github-format.ts";
import { type GuardResult, resultDocument } from "./guard-result.ts";
import { resultJunit } from "./junit-format.ts";
import { resultMarkdown } from "./markdown-format.ts";
import { explainRule } from "./rules-command.ts";
import { resultSarif } from "./sarif-format.ts";
import { resultText } from "./text-format.ts";

/** `spec-guard`: judges a change, and says what it found. */
export async function checkCommand(context: CommandContext): Promise<number> {
  const { args, io } = context;
  const rule = args.text("explain");
  if (rule !== undefined) return explainRule(context, rule);
  const result = await judgeChange(context);
  context.signal.throwIfAborted();
  print(context, result);
  return args.isOn("dry-run") ? exitCodes.yes : result.verdictCode;

  async function judgeChange({ args }: CommandContext): Promise<GuardResult> {
    const inCi = isContinuousIntegration(io.environment);
    const worktree = args.isOn("worktree") || (!inCi && args.text("head") === undefined);
    if (worktree && args.text("head") !== undefined)
      throw new OrchestratorError("usage", "--worktree judges what is checked out; leave --head out");
    const today = dayOf(io, args.text("now"));
    const policyFile = args.text("config") ?? "spec-guard.yaml";
    const { evidence, staged, range, policy, counts } = await collectGuardEvidence({
      directory: resolve(io.cwd, args.text("repo") ?? "."),
      base: args.text("base") ?? defaultBase(io.environment),
      head: args.text("head") ?? "HEAD",
      worktree,
      indexFile: io.environment["GIT_INDEX_FILE"],
      policyFile,
      today,
      environment: io.environment,
      signal: context.signal,
    });
    const nowGiven = args.text("now") !== undefined;
    if (nowGiven && inCi && policy?.allow_now_in_ci !== true)
      throw new OrchestratorError(
        "usage",
        "--now is refused in CI; the policy of the base commit may allow it with allow_now_in_ci: true",
      );
    const report = staged.reduce(
      (joined, index) => joinReports(joined, judgeGuard(index), "as staged"),
      judgeGuard(evidence),
    );
    const verdictCode = report.decision === "pass" ? exitCodes.yes : exitCodes.no;
    return {
      report,
      ...range,
      worktree,
      policyFile,
      today,
      nowGiven,
      dryRun: args.isOn("dry-run"),
      verdictCode,
      counts,
    };
  }
}

function print({ args, printer }: CommandContext, result: GuardResult): void {
  switch (args.text("format")) {
    case "json":
      return void printer.printJson(resultDocument(result));
    case "sarif":
      return void printer.printJson(resultSarif(result));
    case "junit":
      return void printer.print(resultJunit(result));
    case "github":
      return void printer.print(resultAnnotations(result));
    case "markdown":
      return void printer.print(resultMarkdown(result));
    default:
      return void printer.print(resultText(result, printer.paint, printer.width));
  }
}

/** The UTC day of the judgement: today, or the one of `--now`, a day or an instant with its offset. Throws `usage`. */
export function dayOf({ clock }: Pick<CliIo, "clock">, given: string | undefined): string {
  if (given === undefined) return clock.now().toISOString().slice(0, 10);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(given);
  const isInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/.test(given);
  const time = isDay || isInstant ? Date.parse(isDay ? `${given}T00:00:00Z` : given) : Number.NaN;
  const day = Number.isNaN(time) ? "" : new Date(time).toISOString().slice(0, 10);
  if (day !== "" && (!isDay || day === given)) return day;
  throw new OrchestratorError(
    "usage",
    `--now is a day such as 2026-11-20, or an instant with its offset, not "${given}"`,
  );
}
