import { expect, test } from "vitest";
import { CommandAdapterSetting, type ReportFormat } from "../../orchestrator/schema/adapter-setting.ts";
import { runCheck } from "../run-check.test-support.ts";
import { createCommandAdapter } from "./command-adapter.ts";

const run = (script: string, format: ReportFormat, from: "file" | "stdout" = "stdout", timeoutMs = 20_000) => {
  const argv = ["sh", "run.sh", ...(from === "file" ? ["{report}"] : [])];
  const setting = CommandAdapterSetting.parse({
    kind: "command",
    commands: { test: { argv, report: { format, from } } },
  });
  return runCheck(createCommandAdapter(setting), { files: { "run.sh": script }, goal: "test", timeoutMs });
};
const xml = '<testsuite tests="1"><testcase name="a"/></testsuite>';

test("TAP on the standard output passes, fails, and is told what stopped it", async () => {
  expect(await run("echo 1..1; echo 'ok 1 - a'", "tap")).toMatchObject({ verdict: "passed", counts: { passed: 1 } });
  expect(await run("echo 1..1; echo 'not ok 1 - a'; exit 1", "tap")).toMatchObject({ counts: { failed: 1 } });
  expect(await run("echo 1..2; echo 'ok 1 - a'; kill -SEGV $$", "tap")).toMatchObject({
    verdict: "failed",
    not_passed: null,
  });
  expect(await run("echo 1..1; echo 'ok 1 - a'; exit 3", "tap")).toMatchObject({ verdict: "failed", exit_code: 3 });
  expect(await run("echo 1..1; echo 'ok 1 - a'; sleep 60", "tap", "stdout", 1500)).toMatchObject({
    status: "timed_out",
    verdict: "failed",
  });
  expect(await run("echo 1..0", "tap")).toMatchObject({ verdict: "failed" });
});

test("a report in a file is read from where the command was told to put it, and nowhere else", async () => {
  expect(await run(`echo '${xml}' > "$1"`, "junit", "file")).toMatchObject({ verdict: "passed" });
  expect(await run(`echo '${xml}' > report.junit`, "junit", "file")).toMatchObject({ verdict: "failed", report: null });
  expect(await run(`printf '%s' '${xml.slice(0, -5)}' > "$1"`, "junit", "file")).toMatchObject({ verdict: "failed" });
});
