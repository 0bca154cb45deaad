// Compares the record of pattern versions at two commits: what was recorded at the base must stand at the head as it was, and each version
// must have risen enough for what its pattern does otherwise. Needs the built library.
//
//   node scripts/pattern-versions.mjs [--base <commit>] [--head <commit>]
//
// Ends with 0 where all holds, 1 where it does not, 2 where it cannot be told. Default: the commit HEAD against its first parent.
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

const bytesMax = 268_435_456;

async function main() {
  const { values } = parseArgs({ options: { base: { type: "string" }, head: { type: "string", default: "HEAD" } } });
  const head = commitOf(values.head);
  const base = commitOf(values.base ?? `${head}^1`);
  const { judgeLedger } = await import("../dist/patterns/versions/judge-ledger.js");
  const { parseVersions } = await import("../dist/patterns/versions/pattern-ledger.js");
  const read = (commit) => ["ledger.json", "corpus.json"].map((name) => textAt(commit, `patterns/versions/${name}`));
  const [before, after] = [read(base), read(head)];
  if (before.every((text) => text === null)) return say(0, `${base} records no versions: nothing to compare`);
  const problems = judgeLedger(parseVersions(...after), parseVersions(...before));
  for (const problem of problems) console.error(`pattern-versions: ${problem}`);
  return say(problems.length === 0 ? 0 : 1, `problems between ${base} and ${head}: ${problems.length}`);
}

function commitOf(name) {
  return git("rev-parse", "--verify", "--quiet", `${name}^{commit}`).trim();
}

/** The text of a file at a commit, or null where it has none. */
function textAt(commit, path) {
  return git("ls-tree", "-z", commit, "--", path) === "" ? null : git("cat-file", "blob", `${commit}:${path}`);
}

function git(...args) {
  const done = spawnSync("git", args, { encoding: "utf8", maxBuffer: bytesMax });
  if (done.error) throw done.error;
  if (done.status !== 0) throw new Error(`git ${args.join(" ")} failed: ${done.stderr.trim() || "no such commit"}`);
  return done.stdout;
}

function say(code, text) {
  console.error(`pattern-versions: ${text}`);
  return code;
}

process.exitCode = await main().catch((error) => say(2, error.message));
