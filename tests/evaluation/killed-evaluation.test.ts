import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { EvaluationLog } from "../../evaluation/index.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createRandom } from "../support/create-random.ts";

const program = fileURLToPath(new URL("../../dist/bin/codex-orchestrator.mjs", import.meta.url));
const killsMin = Number(process.env["EVAL_KILLS"] ?? 2);
const seed = Number(process.env["FAULT_SEED"] ?? 20_261_122);
const killsOfRecordMax = 5;

/** Slow enough to be killed inside of a try; every second sample passes, and one is never told by the infrastructure. */
const definition = `
const pause = () => new Promise((resolve) => setTimeout(resolve, 15));
const samples = Array.from({ length: 12 }, (_, index) => ({
  id: "group/sample-" + index, fixture: { files: { "a.txt": "before " + index } }, target: { files: { "a.txt": "after " + index } },
}));
export default {
  dataset: { schema_version: 1, id: "killed", samples },
  solver: {
    id: "slow", fingerprint: 1, isDeterministic: false,
    async solve({ sample, root, seed }) {
      const { writeFile } = await import("node:fs/promises");
      await pause();
      const number = Number(sample.id.slice(13));
      if (number === 7) throw Object.assign(new Error("no such model"), { name: "OrchestratorError", code: "model_unknown", retryable: false });
      await writeFile(root + "/a.txt", "after " + (number % 2 === 0 ? number : "nothing"));
      await pause();
      return { note: "seed " + seed, usage: { turns: 1, input_tokens: number, output_tokens: 1, cost_usd: 0.25 } };
    },
  },
  scorers: [{
    id: "text", version: "1", kind: "verdict",
    async score({ sample, after }) {
      await pause();
      const isRight = (await after("a.txt")) === sample.target.files["a.txt"];
      return { value: isRight ? 1 : 0, reason: "compared" };
    },
  }],
  epochs: 2,
};
`;

test(
  `an evaluation that is killed ${killsMin} times at random moments ends with the log of an undisturbed one`,
  async () => {
    const folder = temporaryFolder("killed-evaluation");
    writeFileSync(join(folder, "killed.eval.mjs"), definition);
    const [undisturbed, tookMs] = await timed(() => runToEnd(folder, "undisturbed"));
    expect(undisturbed.summary).toMatchObject({ tries: 24, passed: 12, infrastructure_failed: 2 });
    const random = createRandom(seed);
    let [kills, records, whileTrying] = [0, 0, 0];
    while (kills < killsMin) {
      expect(records, "records without enough kills").toBeLessThan(killsMin * 2 + 5);
      const out = `record-${records}`;
      records += 1;
      for (let inRecord = 0; inRecord < killsOfRecordMax && kills < killsMin; inRecord += 1) {
        const isKilled = await killAt(folder, out, tookMs * (0.2 + random() * 0.75));
        if (!isKilled) break;
        kills += 1;
        if (triesOnRecord(join(folder, out)) > 0) whileTrying += 1;
      }
      const log = await runToEnd(folder, out);
      expect(withoutTimes(log), `seed ${seed}, ${out}, after ${kills} kills`).toEqual(withoutTimes(undisturbed));
      expect(triesOnRecord(join(folder, out)), `${out}: each try on record once`).toBe(24);
    }
    process.stdout.write(
      `killed evaluations: ${kills} kills, ${whileTrying} of them with tries on record, ${records} records, seed ${seed}: every log as undisturbed\n`,
    );
  },
  60_000 + killsMin * 8_000,
);

function start(folder: string, out: string): ChildProcess {
  const argv = [program, "eval", "run", "killed.eval.mjs", "--out", out, "--quiet"];
  const child = spawn(process.execPath, argv, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
}

/** False where the process ended before the moment came. */
async function killAt(folder: string, out: string, delayMs: number): Promise<boolean> {
  const child = start(folder, out);
  const ended = new Promise((resolve) => child.once("close", resolve));
  const stopped = new AbortController();
  await Promise.race([ended, sleep(delayMs, undefined, { signal: stopped.signal }).catch(() => {})]);
  stopped.abort();
  child.kill("SIGKILL");
  await ended;
  return child.signalCode === "SIGKILL";
}

async function runToEnd(folder: string, out: string): Promise<EvaluationLog> {
  const child = start(folder, out);
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect(code, said).toBe(1);
  return EvaluationLog.parse(JSON.parse(readFileSync(join(folder, out, "log.json"), "utf8")));
}

/** The whole lines of a record. */
function triesOnRecord(record: string): number {
  if (!existsSync(record)) return 0;
  const names = readdirSync(record, { encoding: "utf8" }).filter((name) => /^results\.\d+\.jsonl$/.test(name));
  const texts = names.map((name) => readFileSync(join(record, name), "utf8"));
  return texts.flatMap((text) => text.split("\n").slice(0, -1)).length;
}

function withoutTimes({ started_at: _, finished_at: __, ...log }: EvaluationLog): unknown {
  const results = log.results.map((result) => ({ ...result, duration_ms: null, started_at: null }));
  return { ...log, results };
}

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const startedMs = performance.now();
  return [await work(), performance.now() - startedMs];
}
