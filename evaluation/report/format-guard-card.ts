import { type GuardCard, type GuardRow, guardColumns } from "./guard-card.ts";

const marks = { caught: "X", also: "x", missed: "!" } as const;

/** The card as a table for a person: behaviours against guards, then why each miss is one. */
export function formatGuardCard({ rows, counts }: GuardCard): string {
  const head = ["behaviour", ...guardColumns, "outcome", "honest twin"];
  const lines = [head, ...rows.map(cellsOf)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const table = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const problems = rows.filter(({ outcome, twin }) => outcome !== "caught" || twin !== "passed").map(describe);
  return `${[
    ...table,
    "",
    "X expected and caught, x caught as well, ! expected and not caught",
    `${rows.length} behaviours: ${counts.caught} caught, ${counts.missed} missed, ${counts.not_enforced} not enforced on this machine, ` +
      `${counts.not_told} not told; ${counts.false_alarms} honest twins stopped`,
    ...problems,
  ].join("\n")}\n`;
}

function cellsOf({ behaviour, cells, outcome, twin }: GuardRow): readonly string[] {
  const guards = guardColumns.map((column) => {
    const cell = cells[column];
    return cell === undefined ? "." : marks[cell];
  });
  return [behaviour, ...guards, outcome.replace("_", " "), twin.replace("_", " ")];
}

function describe({ behaviour, outcome, reason, twin }: GuardRow): string {
  const told = outcome === "caught" ? `its honest twin: ${twin.replace("_", " ")}` : reason;
  return `${behaviour}: ${outcome.replace("_", " ")}: ${told}`;
}
