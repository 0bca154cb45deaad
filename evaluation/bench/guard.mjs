// Measures spec-guard as CI starts it: one process, a cold YAML parser, a repository of a given size.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSpecFile } from "../../dist/orchestrator/evidence/spec-file.js";
import { makeGuardRepository } from "./guard-repository.mjs";
import { median } from "./measure.mjs";

const guard = fileURLToPath(new URL("../../dist/spec-guard.mjs", import.meta.url));
const rounds = 9;
const sizes = [
  { files: 10_000, specs: 500, changed: 300, aim: "<= 250" },
  { files: 100_000, specs: 5_000, changed: 300, aim: "near-linear" },
];

/** Adds the guard's rows. Bare starts of Node are taken between the rounds, since the machine's pace changes. */
export async function measureGuard(row, folder) {
  for (const { aim, ...size } of sizes) {
    const repository = join(folder, `guard-${size.files}`);
    makeGuardRepository(repository, size, specText);
    const figures = { guard: [], node: [] };
    for (let round = 0; round < rounds; round += 1) {
      figures.node.push(timeOf([process.execPath, "-e", "0"], repository, 0));
      const argv = [process.execPath, guard, "--base=refs/heads/base", "--head=refs/heads/head", "--now=2025-11-20"];
      figures.guard.push(timeOf(argv, repository, 0));
    }
    const what = `spec-guard, ${size.files} files, ${size.specs} specs, ${size.changed} changed`;
    row(what, median(figures.guard), "ms", aim);
    row(`${what}: node alone`, median(figures.node), "ms");
    row(`${what}: times node alone`, median(figures.guard) / median(figures.node), "x");
  }
}

function timeOf([program, ...args], cwd, wanted) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { cwd });
  if (status !== wanted) throw new Error(`${program} ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return performance.now() - started;
}

const body = (index) => `# Part ${index}\n\n${"What it does, and why.\n".repeat(40)}`;
const head = (index, title) => `id: spec-${index}\ntitle: ${title}\nrelates_to: tasks/${index}.md\nrisk: low # for now`;
const flow = (sha) => `{role: engineering, who: ana@example.invalid, date: 2025-11-19, spec_sha256: "${sha}"}`;

/** The ordinary ways to write the same front matter, in turn: on lines, in blocks, in quotes, with comments, as `approve` leaves it. */
const forms = [
  (index, sha) =>
    `${head(index, `Part ${index}`)}\nowners: [team]\nstatus: approved\nlast_review: 2025-11-19\ncovers: [src/part-${index}/**]\napprovals:\n  - ${flow(sha)}`,
  (index, sha) =>
    `${head(index, `"Part ${index}: again"`)}\nowners:\n  - team\n  - "other team"\nstatus: approved\nlast_review: 2025-11-19\ncovers:\n  - src/part-${index}/**\n  - "docs/part-${index}/*.md"\napprovals:\n  - role: engineering\n    who: Ana <ana@example.invalid>\n    date: 2025-11-19\n    spec_sha256: "${sha}"`,
  (index, sha) =>
    `# owner: team\n${head(index, `'Part ${index}'`)}\n\nowners: ["team"]\nstatus: "approved"\nlast_review: "2025-11-19"\ncovers: # the folder alone\n- 'src/part-${index}/**'\napprovals:\n- ${flow(sha)}`,
];

function specText(index) {
  const write = (sha) => `---\n${forms[index % forms.length](index, sha)}\n---\n${body(index)}`;
  return index === 0 ? write(parseSpecFile(write("0".repeat(64)), "spec.md").spec_sha256) : write("0".repeat(64));
}

/** The guard alone: `node evaluation/bench/guard.mjs`. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { mkdtempSync, rmSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const folder = mkdtempSync(join(tmpdir(), "guard-bench-"));
  const rows = [];
  try {
    await measureGuard(
      (what, figure, unit, aim = "") => rows.push({ what, figure: figure.toFixed(1), unit, aim }),
      folder,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.table(rows);
}
