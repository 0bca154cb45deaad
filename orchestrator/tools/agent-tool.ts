import type { z } from "zod";
import type { PatternUse } from "../schema/pattern-use.ts";
import type { CommandCall } from "../schema/process-port.ts";
import type { CaseList, CheckResult, CheckWithCases } from "../schema/test-report.ts";

/** What a tool says. `refused`: it was not done, and the model is told why. `failed`: it was done and went wrong. */
export interface ToolAnswer {
  readonly outcome: "ok" | "refused" | "failed";
  readonly result: string;
  readonly check?: CheckResult;
  /** All cases of the report that the check was read from. */
  readonly cases?: CaseList;
  /** The same of further projects. */
  readonly more_checks?: CheckWithCases[];
  /** The pattern that it applied or asked. */
  readonly pattern?: PatternUse;
}

/**
 * What an agent may do. `effect` says whether the workspace may differ afterwards; `repeatable`, whether a call that was
 * interrupted may simply be made again.
 */
export interface AgentTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: z.ZodObject;
  readonly effect: "none" | "edit" | "command";
  readonly repeatable: boolean;
  run(args: unknown, call: CommandCall): Promise<ToolAnswer>;
}

/** Joins a schema and a function that takes what the schema parsed. Bad arguments are a refusal that names the field. */
export function defineTool<Schema extends z.ZodObject>(definition: {
  readonly name: string;
  readonly description: string;
  readonly parameters: Schema;
  readonly effect?: AgentTool["effect"];
  readonly repeatable?: boolean;
  readonly run: (args: z.infer<Schema>, call: CommandCall) => Promise<ToolAnswer>;
}): AgentTool {
  const { name, description, parameters, effect = "none", repeatable = true } = definition;
  return {
    name,
    description,
    parameters,
    effect,
    repeatable,
    run: async (args, call) => {
      const parsed = parameters.safeParse(args);
      if (parsed.success) return definition.run(parsed.data, call);
      const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "arguments"}: ${message}`);
      return { outcome: "refused", result: `refused: the arguments do not fit: ${problems.join("; ")}` };
    },
  };
}

/** A plain answer. */
export function ok(result: string): ToolAnswer {
  return { outcome: "ok", result };
}

/** An answer for a machine as well as for a model: one JSON document. */
export function okJson(value: unknown): ToolAnswer {
  return ok(JSON.stringify(value));
}
