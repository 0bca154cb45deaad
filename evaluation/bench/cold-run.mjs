import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, timeProgram } from "./measure.mjs";

/** A cold process to its first finished run: the recipe model on a repository of one file and one test. */
export async function measureColdRun(row, folder, cli) {
  const repository = makeRepository(join(folder, "repository"));
  const env = { ...process.env, ORCHESTRATOR_CACHE_DIR: join(folder, "cache") };
  const run = () =>
    timeProgram(
      [process.execPath, cli, "run", "--recipe", "node-protocol", "use the node protocol", "--repo", repository],
      { env },
    );
  const tests = () => timeProgram(["npm", "test"], { cwd: repository, env });
  const figures = { run: [], tests: [] };
  for (let round = 0; round < 5; round += 1) {
    figures.run.push(run());
    figures.tests.push(tests());
  }
  row("cold process to its first finished run", median(figures.run), "ms");
  row("of that, npm test of the repository", median(figures.tests), "ms");
  row("the rest", median(figures.run) - median(figures.tests), "ms", "<= 500");
}

function makeRepository(repository) {
  mkdirSync(join(repository, "src"), { recursive: true });
  const manifest = { name: "sample", version: "1.0.0", scripts: { test: "node --test" } };
  writeFileSync(join(repository, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(repository, "src/path.js"), 'module.exports = require("path").sep;\n');
  writeFileSync(
    join(repository, "src/path.test.js"),
    'require("node:test")("has a separator", () => require("./path.js").length === 1);\n',
  );
  const git = (...args) =>
    execFileSync("git", ["-c", "user.name=b", "-c", "user.email=b@example.invalid", ...args], { cwd: repository });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "base");
  return repository;
}
