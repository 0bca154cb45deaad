import type { ReportFormat } from "../../orchestrator/schema/adapter-setting.ts";
import { cargoTestEnd, readCargoTest } from "./read-cargo-test.ts";
import { goTestEnd, readClosedGoJson } from "./read-go-json.ts";
import { readJestJson } from "./read-jest-json.ts";
import { readCtestJunit, readJunit, readNextestJunit, readNodeTestJunit } from "./read-junit.ts";
import { readMochaJson } from "./read-mocha-json.ts";
import { readPlannedTap } from "./read-tap.ts";
import type { ReportReader } from "./report-reading.ts";

/** How the reports of one dialect are read, and the line that who starts the runner writes behind its output, where it needs one. */
export interface ReportDialect {
  readonly read: ReportReader;
  readonly end?: string;
}

/** Every dialect that a team may name for a command of its own. */
export const reportFormats: Readonly<Record<ReportFormat, ReportDialect>> = {
  junit: { read: readJunit },
  "node-test-junit": { read: readNodeTestJunit },
  "nextest-junit": { read: readNextestJunit },
  "ctest-junit": { read: (text) => readCtestJunit(text) },
  tap: { read: readPlannedTap },
  "jest-json": { read: readJestJson },
  "mocha-json": { read: readMochaJson },
  "go-test-json": { read: readClosedGoJson, end: goTestEnd },
  "cargo-test": { read: readCargoTest, end: cargoTestEnd },
};
