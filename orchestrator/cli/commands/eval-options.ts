import type { CompareOptions, EvaluationBudget, RegressionRule } from "../../../evaluation/index.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { CommandContext, ParsedArguments } from "../command-spec.ts";

type Harness = typeof import("../../../evaluation/index.ts");

/** `--budget tries=100,tokens=…`. Throws `usage`. */
export function readBudget({ EvaluationBudget: Budget }: Harness, texts: readonly string[]): EvaluationBudget {
  const known = Object.keys(Budget.shape).join(", ");
  const entries = texts.map((text) => {
    const [, key = "", value = ""] = /^([a-z_]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
    if (key === "")
      throw new OrchestratorError(
        "usage",
        `--budget is followed by limit=number, not "${text}"; the limits are ${known}`,
      );
    return [key, Number(value)] as const;
  });
  const keys = entries.map(([key]) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new OrchestratorError("usage", `--budget gives ${twice} twice`);
  const parsed = Budget.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(": "));
  throw new OrchestratorError("usage", `--budget: ${problems.join("; ")}; the limits are ${known}`);
}

/** `--alpha` and `--partial`. Throws `usage`. */
export function readCompareOptions(args: ParsedArguments): CompareOptions {
  const alpha = readNumber(args, "alpha");
  if (alpha !== undefined && (alpha <= 0 || alpha >= 1))
    throw new OrchestratorError("usage", `--alpha lies between 0 and 1, as 0.05 does; not ${alpha}`);
  return { ...(alpha === undefined ? {} : { alpha }), partial: args.isOn("partial") };
}

/** `--fail-on` and `--never-worse`. */
export function readRegressionRule(args: ParsedArguments): RegressionRule {
  return { failOn: args.text("fail-on") === "any" ? "any" : "significant", neverWorse: args.list("never-worse") };
}

/** A number that is not negative. Throws `usage`. */
export function readNumber(args: ParsedArguments, name: string): number | undefined {
  const text = args.text(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}(?:\.\d{1,15})?$/.test(text))
    throw new OrchestratorError("usage", `--${name} is a number from 0, not "${text}"`);
  return Number(text);
}

/** What the command line says of the solver. Throws `usage` for both `--record` and `--replay`. */
export function readSolverSettings({ args, io }: CommandContext, resolve: (...paths: string[]) => string) {
  const [record, replay] = [args.text("record"), args.text("replay")];
  if (record !== undefined && replay !== undefined)
    throw new OrchestratorError("usage", "--record and --replay exclude each other");
  const folder = record ?? replay;
  const mode = record === undefined ? "replay" : "record";
  return {
    model: args.text("model"),
    baseUrl: args.text("base-url"),
    cassettes: folder === undefined ? undefined : ({ folder: resolve(io.cwd, folder), mode } as const),
  };
}
