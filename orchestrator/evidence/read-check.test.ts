import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { CommandPlan } from "../schema/adapter-port.ts";
import type { CommandOutcome } from "../schema/process-port.ts";
import type { CheckResult } from "../schema/test-report.ts";
import { temporaryFolder } from "../workspace/fixtures/temporary-repository.ts";
import { readCheck } from "./read-check.ts";

const outcome: CommandOutcome = {
  ...{ status: "exited", exitCode: 0, signal: null, durationMs: 1 },
  ...{ outputTail: "", outputBytes: 0, outputTruncated: false, detail: "" },
};

/** Takes any report for a good one, so that only what was read decides. */
const trusting = {
  read: (_: unknown, __: unknown, report: string | null): CheckResult => ({
    ...{ goal: "test", command: [], status: "exited", exit_code: 0, duration_ms: 1, counts: {}, not_passed: null },
    verdict: report === null ? "failed" : "passed",
    reason: report ?? "no report",
    report: null,
    output_tail: "",
  }),
};

/** A folder for reports beside a good report that is somebody else's. */
function setUp() {
  const parent = temporaryFolder();
  const reports = join(parent, "reports");
  const elsewhere = join(parent, "elsewhere");
  for (const folder of [reports, elsewhere]) mkdirSync(folder);
  writeFileSync(join(elsewhere, "report.xml"), "somebody else's");
  const file = join(reports, "report.xml");
  const plan: CommandPlan = {
    ...{ goal: "test", argv: ["true"], cwd: ".", env: {}, timeoutMs: 1, needsNetwork: false, parallelSafe: true },
    reportFile: file,
  };
  const read = async () => {
    const { verdict, reason } = await readCheck(trusting, plan, outcome, reports);
    return [verdict, reason];
  };
  return { reports, elsewhere, file, read };
}

test("a report is read where it is a regular file, and a missing one is the adapter's to judge", async () => {
  const { file, read } = setUp();
  expect(await read()).toEqual(["failed", "no report"]);
  writeFileSync(file, "mine");
  expect(await read()).toEqual(["passed", "mine"]);
});

test.each<[string, RegExp, (place: ReturnType<typeof setUp>) => void]>([
  ["a link to another file", /it is a link/, ({ file, elsewhere }) => symlinkSync(join(elsewhere, "report.xml"), file)],
  ["a link that leads nowhere", /it is a link/, ({ file }) => symlinkSync("nowhere", file)],
  ["a pipe", /not a regular file/, ({ file }) => execFileSync("mkfifo", [file])],
  ["a folder", /not a regular file/, ({ file }) => mkdirSync(file)],
  [
    "a link in place of the folder of reports",
    /a link stands in place of its folder/,
    ({ reports, elsewhere }) => {
      renameSync(reports, `${reports}-before`);
      symlinkSync(elsewhere, reports);
    },
  ],
  [
    "a file in place of the folder of reports",
    /ENOTDIR/,
    ({ reports }) => {
      rmSync(reports, { recursive: true });
      writeFileSync(reports, "");
    },
  ],
  [
    "more than 64 MiB",
    /67108865 bytes/,
    ({ file }) => {
      writeFileSync(file, "");
      truncateSync(file, 67_108_865);
    },
  ],
])("%s in place of a report is not read, and the check fails with the reason", async (_, reason, put) => {
  const place = setUp();
  put(place);
  expect(await place.read()).toEqual(["failed", expect.stringMatching(reason)]);
});
