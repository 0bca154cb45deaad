import type { CommandOutcome } from "../../orchestrator/schema/process-port.ts";
import type { TestCase } from "../../orchestrator/schema/test-report.ts";
import { readSurefireJunit } from "../reports/read-junit.ts";
import { type ReportReader, testCase } from "../reports/report-reading.ts";

/** Reads the joined reports of Maven or Gradle, and adds what only the output tells: it can add failures, and take none away. */
export function readJavaTests(outcome: CommandOutcome): ReportReader {
  return (text) => {
    const reading = readSurefireJunit(text);
    if (!reading.usable || outcome.exitCode === 0) return reading;
    return { usable: true, cases: [...reading.cases, ...casesInOutput(outcome.outputTail)] };
  };
}

function casesInOutput(output: string): readonly TestCase[] {
  const lines = output.split("\n");
  if (/COMPILATION ERROR|Compilation failure|^> Task :\S*compile\S* FAILED$/m.test(output)) {
    const told = lines.filter((line) => /\.(?:java|kt|groovy|scala):.*(?:\d|error)/.test(line)).slice(0, 10);
    return [testCase({ suite: "", name: "the compilation", outcome: "error", message: told.join("\n") })];
  }
  const crash = lines.find((line) => crashLine.test(line));
  if (crash === undefined) return [];
  const from = lines.findIndex((line) => /^(?:\[ERROR\] )?Crashed tests:\s*$/.test(line));
  const names = from < 0 ? [] : lines.slice(from + 1).map((line) => /^(?:\[ERROR\] )?([\w$.]+)\s*$/.exec(line)?.[1]);
  const until = names.indexOf(undefined);
  const crashed = (until < 0 ? names : names.slice(0, until)).flatMap((name) => name ?? []);
  const suites = crashed.length > 0 ? [...new Set(crashed)] : [""];
  return suites.map((suite) => testCase({ suite, name: "the test process", outcome: "crashed", message: crash }));
}

const crashLine =
  /The forked VM terminated without (?:properly )?saying|There was a timeout or other error in the fork|Process 'Gradle Test Executor \d+' finished with non-zero exit value/;
