import { spawnSync } from "node:child_process";

/** The middle one of some figures. */
export function median(figures) {
  const sorted = [...figures].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that each of `rounds` calls took, after `warmUp` calls that are not counted. */
export async function time(rounds, work, warmUp = 3) {
  for (let round = 0; round < warmUp; round += 1) await work();
  const figures = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedMs = performance.now();
    await work();
    figures.push(performance.now() - startedMs);
  }
  return figures;
}

/** Milliseconds of two pieces of work, measured in turn so that both see the same machine. */
export async function timePair(rounds, first, second) {
  const figures = { first: [], second: [] };
  for (const work of [first, second, first, second]) await work();
  for (let round = 0; round < rounds; round += 1) {
    figures.first.push(...(await time(1, first, 0)));
    figures.second.push(...(await time(1, second, 0)));
  }
  return figures;
}

/** Milliseconds that a program took from start to end. Throws where it fails. */
export function timeProgram(argv, options = {}) {
  const startedMs = performance.now();
  const { status, stderr, error } = spawnSync(argv[0], argv.slice(1), { encoding: "utf8", ...options });
  if (status !== 0) throw new Error(`${argv.join(" ")}: ${error?.message ?? stderr}`);
  return performance.now() - startedMs;
}

/** A figure with as many digits as it deserves. */
export function show(figure) {
  return figure >= 100 ? figure.toFixed(0) : figure >= 10 ? figure.toFixed(1) : figure.toFixed(2);
}
