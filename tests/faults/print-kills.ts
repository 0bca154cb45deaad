import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KillPlace, KillRow } from "../support/kill-places.ts";

const killsMin = 300;
const turnKillsMin = 100;

/** Collects what the sweeps count, and prints it as one table when all are through. Too few kills fail the whole. */
export default function printKills(): () => void {
  const folder = mkdtempSync(join(tmpdir(), "fault-report-"));
  const file = join(folder, "kills.jsonl");
  writeFileSync(file, "");
  process.env["FAULT_REPORT"] = file;
  return () => {
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    rmSync(folder, { recursive: true });
    if (lines.length > 0) printTable(lines.map((line) => KillRow.parse(JSON.parse(line))));
  };
}

function printTable(rows: readonly KillRow[]): void {
  const places = KillPlace.options.filter((place) => rows.some(({ kills }) => kills[place] !== undefined));
  const countAt = (place: KillPlace) => rows.map(({ kills }) => kills[place] ?? 0);
  const table = places.map((place) => ({
    "killed with kill -9": place,
    ...Object.fromEntries(rows.map(({ sweep, kills }) => [sweep, kills[place] ?? 0])),
    all: sum(countAt(place)),
  }));
  const total = sum(table.map(({ all }) => all));
  const inTurn = sum(KillPlace.options.filter((place) => place.startsWith("inside a turn")).flatMap(countAt));
  console.table(table);
  console.log(`${total} kills, ${inTurn} of them inside a turn; seeds ${rows.map(({ seed }) => seed).join(", ")}`);
  const isWhole = process.env["FAULT_KILLS"] === undefined && rows.length === 3;
  if (!isWhole || (total >= killsMin && inTurn >= turnKillsMin)) return;
  console.error(`too few: at least ${killsMin} kills are wanted, and ${turnKillsMin} inside a turn`);
  process.exitCode = 1;
}

function sum(figures: readonly number[]): number {
  return figures.reduce((left, right) => left + right, 0);
}
