// What the harness costs beside its solvers: the overhead of a try with a fixture of 200 files, a thousand samples on which nothing is done, and
// whether memory grows with them. Needs the built library: npm run build.
//
//   node --expose-gc evaluation/bench/evaluation.mjs
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { noOpSolver, openMachine, runEvaluation, scopeKept } from "../../dist/evaluation/index.js";

const root = await mkdtemp(join(tmpdir(), "bench-evaluation-"));
try {
  const machine = await openMachine(process.env);
  const fixture = join(root, "fixture");
  for (let index = 0; index < 200; index += 1) {
    const folder = join(fixture, `src/part-${index % 20}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `module-${index}.ts`), `export const value${index} = ${index};\n`.repeat(40));
  }
  const evaluate = (name, samples, onResult) =>
    runEvaluation({
      dataset: { schema_version: 1, id: name, samples },
      ...{ solver: noOpSolver, scorers: [scopeKept], concurrency: 2, machine, onResult },
      ...{ folder: join(root, name), signal: new AbortController().signal },
    });
  const sampleOf = (fixtureOf) => (_, index) => ({
    ...{ id: `sample-${index}`, tags: [], target: {}, scope: { include: ["**"], exclude: [] } },
    fixture: fixtureOf(index),
  });
  await evaluate(
    "warm",
    Array.from(
      { length: 5 },
      sampleOf(() => ({ folder: fixture })),
    ),
  );

  const tries = 100;
  const folders = Array.from(
    { length: tries },
    sampleOf(() => ({ folder: fixture })),
  );
  const before = process.cpuUsage();
  const [, foldersMs] = await timed(() => evaluate("folders", folders));
  const { user, system } = process.cpuUsage(before);
  row("overhead of a try, 200 files", `${(foldersMs / tries).toFixed(1)} ms`, "60 ms");
  row("processor time of it", `${((user + system) / 1_000 / tries).toFixed(1)} ms`, "");

  const many = Array.from(
    { length: 1_000 },
    sampleOf((index) => ({ files: { "a.txt": `text ${index}\n` } })),
  );
  const heaps = [];
  let done = 0;
  const [log, manyMs] = await timed(() =>
    evaluate("many", many, () => {
      done += 1;
      if (done % 100 === 0) heaps.push(heapMegabytes());
    }),
  );
  if (log.summary.passed !== 1_000) throw new Error(`${log.summary.passed} of 1,000 passed`);
  row("1,000 samples, nothing done, two at once", `${(manyMs / 1_000).toFixed(1)} s`, "60 s");
  row(
    "heap after 100, 500 and 1,000 of them",
    [heaps[0], heaps[4], heaps[9]].map((each) => `${each} MB`).join(", "),
    "flat",
  );
  row("largest resident memory", `${Math.round(process.resourceUsage().maxRSS / 1_024)} MB`, "");
} finally {
  await rm(root, { recursive: true, force: true });
}

async function timed(work) {
  const startedMs = performance.now();
  return [await work(), performance.now() - startedMs];
}

function heapMegabytes() {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 1_048_576);
}

function row(what, figure, aim) {
  console.log(`${what.padEnd(44)}${figure.padEnd(24)}${aim === "" ? "" : `aim: ${aim}`}`);
}
