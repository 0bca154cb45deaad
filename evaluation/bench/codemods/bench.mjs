// Compares the codemod engine with jscodeshift, ast-grep and ts-morph: the same transformation on the same files, one process each, one after
// the other, and the outputs file by file.
//
//   npm run build && npm install --prefix evaluation/bench/codemods && node evaluation/bench/codemods/bench.mjs <folder> [rounds]
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const [folder, rounds = "3"] = process.argv.slice(2);
if (folder === undefined) throw new Error("name a folder with sources");
const names = ["codex-orchestrator", "ast-grep", "ts-morph", "jscodeshift"];
const best = new Map();

for (let round = 0; round < Number(rounds); round += 1) {
  for (const name of names) {
    const run = measure(name);
    if (run !== null && (best.get(name)?.cpuMs ?? Infinity) > run.cpuMs) best.set(name, run);
  }
}

const own = best.get(names[0]);
console.log(
  "| engine | wall ms | CPU ms | files/s | RSS MB | changed | same as ours | failed |\n|---|---|---|---|---|---|---|---|",
);
for (const [name, { files, failed, ms, cpuMs, mb, results }] of best) {
  const same = Object.keys(own.results).filter((path) => own.results[path] === results[path]).length;
  const row = [
    name,
    ms,
    cpuMs,
    Math.round((files / ms) * 1000),
    mb,
    Object.keys(results).length,
    `${same} of ${Object.keys(own.results).length}`,
    failed,
  ];
  console.log(`| ${row.join(" | ")} |`);
}

function measure(name) {
  const script = fileURLToPath(new URL("one-engine.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, name, folder], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status === 0) return JSON.parse(stdout);
  console.error(`${name} cannot be run: ${stderr.trim().split("\n").at(-1)}`);
  return null;
}
