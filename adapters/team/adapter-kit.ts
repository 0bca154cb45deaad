import type { CommandPlan } from "../../orchestrator/schema/adapter-port.ts";
import { commandPlan } from "../command-plan.ts";
import { checkPlanOf, judgeExit, judgeTests, judgeWithoutReport } from "../reports/judge-check.ts";
import { reportFormats } from "../reports/report-formats.ts";

/** What a team's own adapter is made from: it can import nothing that its hash does not hold. */
export interface AdapterKit {
  /** A plan at the root of the project, with the usual bounds of its goal. */
  readonly commandPlan: typeof commandPlan;
  /** The plan as one of a check, which the judges take. */
  readonly checkPlanOf: (plan: CommandPlan) => ReturnType<typeof checkPlanOf>;
  readonly judgeExit: typeof judgeExit;
  readonly judgeTests: typeof judgeTests;
  readonly judgeWithoutReport: typeof judgeWithoutReport;
  /** How each dialect of reports is read. */
  readonly reports: typeof reportFormats;
}

/** The kit that every adapter of a team gets. */
export function createAdapterKit(): AdapterKit {
  return {
    commandPlan,
    checkPlanOf,
    judgeExit,
    judgeTests,
    judgeWithoutReport,
    reports: reportFormats,
  };
}
