// Prints one table of what a run costs. Figures are medians on this machine; read the ratios, which were taken side by side.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { measureAdapters } from "./adapters.mjs";
import { measureColdRun } from "./cold-run.mjs";
import { measureGuard } from "./guard.mjs";
import { measureLongRuns } from "./long-runs.mjs";
import { median, show, time, timePair, timeProgram } from "./measure.mjs";
import { measurePrintingStep } from "./printing-step.mjs";
import { prepareRuns, runSdkAlone } from "./sample-run.mjs";

const cli = fileURLToPath(new URL("../../dist/bin/codex-orchestrator.mjs", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "orchestrator-bench-"));
const rows = [];
const row = (what, figure, unit, aim = "") =>
  rows.push({ what, figure: typeof figure === "number" ? show(figure) : figure, unit, aim });

try {
  const runs = await prepareRuns(join(folder, ".runs"));
  await measureOneRun(runs);
  await measureMany(runs);
  await measureLongRuns(row, folder);
  await measurePrograms();
  await measurePrintingStep(row, folder);
  await measureColdRun(row, folder, cli);
  await measureGuard(row, folder);
  await measureAdapters(row, folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.table(rows);

async function measureOneRun(runs) {
  let last;
  const durable = async () => {
    last = await runs.run();
  };
  const pair = await timePair(40, durable, runSdkAlone);
  const syncs = await time(40, () => appendAndSync(join(folder, "bare.jsonl"), 12));
  row("five-role run, durable", median(pair.first), "ms");
  row("five-role run, Agents SDK alone", median(pair.second), "ms");
  row("durable / SDK alone", median(pair.first) / median(pair.second), "x", "<= 1.6");
  row("bare appends with the same number of syncs", median(syncs), "ms");
  row(
    "overhead per durable step beyond SDK and bare appends",
    (median(pair.first) - median(pair.second) - median(syncs)) / 5,
    "ms",
  );
  const directory = join(folder, ".runs", last.key.taskId, last.key.runId);
  const files = readdirSync(directory, { recursive: true }).filter((name) => statSync(join(directory, name)).isFile());
  row("files per run", files.length, "", "<= 16");
  row("KiB per run", files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0) / 1024, "KiB", "<= 40");
}

/** What a script without any orchestrator would do: append a line, sync it, for each step. */
async function appendAndSync(path, count) {
  const file = openSync(path, "a");
  for (let index = 0; index < count; index += 1) {
    writeSync(file, `${"x".repeat(4000)}\n`);
    fdatasyncSync(file);
  }
  closeSync(file);
}

async function measureMany(runs) {
  const many = (work) => () => Promise.all(Array.from({ length: 100 }, work));
  const pair = await timePair(
    3,
    many(() => runs.run()),
    many(runSdkAlone),
  );
  const perSecond = (milliseconds) => 100_000 / milliseconds;
  row("runs per second, 100 at once, durable", perSecond(median(pair.first)), "1/s");
  row("runs per second, 100 at once, SDK alone", perSecond(median(pair.second)), "1/s");
  row("share of the SDK's own runs per second", (100 * median(pair.second)) / median(pair.first), "%", ">= 80");
}

async function measurePrograms() {
  const bare = () => timeProgram([process.execPath, "-e", "0"]);
  const help = () => timeProgram([process.execPath, cli, "--help"]);
  const list = () =>
    timeProgram([process.execPath, cli, "runs", "list", "--repo", fileURLToPath(new URL("../..", import.meta.url))]);
  const figures = { bare: [], help: [], list: [] };
  for (let round = 0; round < 9; round += 1) {
    figures.bare.push(bare());
    figures.help.push(help());
    figures.list.push(list());
  }
  row("node -e 0", median(figures.bare), "ms");
  row("--help / node -e 0", median(figures.help) / median(figures.bare), "x", "<= 1.6");
  row("runs list / node -e 0", median(figures.list) / median(figures.bare), "x");
}
