import { findGuardRule, type GuardRule, guardRules } from "../../gates/guard/guard-rules.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { indentText, layTable } from "../text/layout.ts";
import { rulesPage } from "./guard-result.ts";

/** `spec-guard rules`: every rule, one on a line. */
export async function rulesCommand({ printer, format }: CommandContext): Promise<number> {
  if (format === "json") printer.printJson({ rules: guardRules.map(ruleDocument) });
  else
    printer.print(
      layTable(
        guardRules.map(({ id, severity, title }) => [id, severity, title]),
        0,
      ),
    );
  return exitCodes.yes;
}

/** `spec-guard --explain <rule>`: what, why, how to mend. Throws `usage` for a rule that does not exist. */
export function explainRule({ printer, format }: CommandContext, name: string): number {
  const rule = findGuardRule(name);
  if (rule === undefined) throw new OrchestratorError("usage", `there is no rule ${name}; see: spec-guard rules`);
  if (format === "json") printer.printJson(ruleDocument(rule));
  else {
    const { id, severity, title, why, mend } = rule;
    const lines = [`What  ${title}`, `Why   ${why}`, `Mend  ${mend}`].map((line) => indentText(line, 2, printer.width));
    printer.print([`${printer.paint.bold(id)} ${rule.name} (${severity})`, ...lines, `  ${pageOf(rule)}`].join("\n"));
  }
  return exitCodes.yes;
}

function ruleDocument(rule: GuardRule): unknown {
  return { ...rule, page: pageOf(rule) };
}

function pageOf({ id }: GuardRule): string {
  return `${rulesPage}#${id.toLowerCase()}`;
}
