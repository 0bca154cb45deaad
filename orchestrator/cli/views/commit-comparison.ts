import type { CommitComparison } from "../../schema/adapter-bench.ts";
import { projectName } from "../../schema/checked-project.ts";
import { isFlaky } from "../../schema/compare-tests.ts";
import { titleOf } from "../../schema/test-case.ts";
import { type CaseChange, CaseChangeKind } from "../../schema/test-report.ts";
import type { Printer } from "../printer.ts";
import { layTable } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";

const namedMax = 50;
const titles: Readonly<Record<CaseChangeKind, string>> = {
  pass_to_fail: "passed, fails now",
  removed: "gone",
  skipped_now: "switched off",
  new: "new",
  fail_to_fail: "failed, still fails",
  fail_to_pass: "failed, passes now",
  still_skipped: "still skipped",
  pass_to_pass: "passes as before",
};

/** What the tests of two commits say, for a person: the verdict, how many cases are of each kind, and those that say something. */
export function commitComparisonText(
  compared: CommitComparison,
  { paint, width }: Pick<Printer, "paint" | "width">,
): string {
  const { verdict, reason, base, head, comparison } = compared;
  const mark = verdict === "no_worse" ? paint.green("✓") : paint.red("✗");
  const lines = [
    `${mark} ${paint.bold(`${head.commit.slice(0, 12)} beside ${base.commit.slice(0, 12)}`)}  ${safeLine(reason)}`,
  ];
  const { counts, cases } = comparison;
  if (counts === null) return lines.join("\n");
  const numbers = CaseChangeKind.options.flatMap((kind) =>
    counts[kind] === 0 ? [] : [[titles[kind], String(counts[kind])]],
  );
  const shown = cases.slice(0, namedMax).map((change) => [titles[change.kind], nameOf(change), endsOf(change)]);
  const more = cases.length > namedMax ? [`  and ${cases.length - namedMax} more; --format json names them`] : [];
  return [...lines, layTable(numbers, 2), ...(shown.length === 0 ? [] : ["", layTable(shown, 2, width)]), ...more].join(
    "\n",
  );
}

function nameOf(change: CaseChange): string {
  const { file } = change;
  const project = projectName(change);
  return safeLine(`${project === "" ? "" : `${project}: `}${titleOf(change)}${file === undefined ? "" : ` (${file})`}`);
}

function endsOf(change: CaseChange): string {
  const before = [...new Set(change.base.map((outcome) => outcome ?? "not there"))].join(" or ");
  return `${before} → ${change.head ?? "not there"}${isFlaky(change) ? " (flaky)" : ""}`;
}
