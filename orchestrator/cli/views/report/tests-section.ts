import { describeComparison } from "../../../gates/describe-comparison.ts";
import { isSameProject, type ProjectLabel, projectName } from "../../../schema/checked-project.ts";
import type { RunManifest } from "../../../schema/run-manifest.ts";
import { indentText } from "../../text/layout.ts";
import type { Paint } from "../../text/paint.ts";
import { shortHash } from "../../text/quantities.ts";
import { safeLine } from "../../text/safe-text.ts";
import { markOfDecision } from "../marks.ts";
import { checkText } from "../run-facts.ts";
import { moreLine } from "./more-line.ts";

const casesMax = 10;

/** Each check with its counts and the reason for its verdict; a required one that is missing counts as failed. */
export function testsSection({ tests }: RunManifest, paint: Paint, width: number): string {
  if (tests === null) return "  none were run";
  const missing = missingGoals(tests);
  return [
    ...tests.checks.flatMap((check) => [
      `  ${checkText(check, paint)}`,
      indentText(`${check.command.map(safeLine).join(" ")}: ${safeLine(check.reason)}`, 6, width),
      ...notPassed(check.not_passed ?? [], width),
    ]),
    ...compared(tests, width),
    ...missing.map((goal) => `  ${markOfDecision("failed", paint)} ${goal} is required and was not run`),
    `  on tree ${shortHash(tests.tree)}`,
  ].join("\n");
}

/** Of several projects, each must have a result. */
function missingGoals({ required, projects, checks }: NonNullable<RunManifest["tests"]>): readonly string[] {
  const wanted: readonly (ProjectLabel & { required: readonly string[] })[] = projects ?? [{ required }];
  return wanted.flatMap((project) => {
    const own = projects === undefined ? checks : checks.filter((check) => isSameProject(check, project));
    const place = projectName(project) === "" ? "" : ` in ${projectName(project)}`;
    return project.required
      .filter((goal) => !own.some((check) => check.goal === goal))
      .map((goal) => safeLine(`${goal}${place}`));
  });
}

/** What the tests of the base say beside these. */
function compared({ comparison }: NonNullable<RunManifest["tests"]>, width: number): readonly string[] {
  if (comparison == null) return [];
  const [first] = comparison.base;
  const runs = comparison.base.filter((each) => first !== undefined && isSameProject(each, first)).length;
  const times = runs === 1 ? "once" : `${runs} times`;
  const told = describeComparison(comparison);
  const same = told.length === 0 ? ["no test failed before, and none is gone"] : told;
  return [
    `  beside the base, whose tests were run ${times}:`,
    ...same.map((sentence) => indentText(safeLine(sentence), 6, width)),
  ];
}

type NotPassed = NonNullable<NonNullable<RunManifest["tests"]>["checks"][number]["not_passed"]>;

function notPassed(cases: NotPassed, width: number): readonly string[] {
  const shown = cases.slice(0, casesMax).map(({ outcome, suite, name, message }) => {
    const title = suite === "" ? name : `${suite} › ${name}`;
    return indentText(
      `${outcome}: ${safeLine(title)}${message === undefined ? "" : ` – ${safeLine(message)}`}`,
      6,
      width,
    );
  });
  return [...shown, ...moreLine(cases.length - shown.length, "case", 6)];
}
