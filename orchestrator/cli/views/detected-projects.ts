import type { DetectedProject } from "../../schema/adapter-bench.ts";
import type { Printer } from "../printer.ts";
import { type Field, layFields } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";

/** The projects of a folder, for a person: each with its evidence, its dependencies and its commands. */
export function detectedText(folder: string, projects: readonly DetectedProject[], printer: Printer): string {
  if (projects.length === 0) return `no adapter knows a project in ${safeLine(folder)}`;
  return projects.map((project) => projectText(project, printer)).join("\n\n");
}

function projectText(project: DetectedProject, { paint, width }: Pick<Printer, "paint" | "width">): string {
  const { root, title, confidence, evidence, plans, dependencies } = project;
  const fields: Field[] = [
    ["evidence", evidence.map(safeLine).join("\n")],
    ["dependencies", safeLine(dependencies.unsupported ?? dependencies.reason)],
    ...plans.map(({ goal, argv }): Field => [goal, safeLine(argv.join(" "))]),
  ];
  const head = `${paint.bold(safeLine(root))}  ${title} ${paint.dim(`(${Math.round(confidence * 100)} %)`)}`;
  return `${head}\n${layFields(fields, 2, width)}`;
}
