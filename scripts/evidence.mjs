// Runs the main job on a package that nobody here wrote, and keeps what a reviewer would read in docs/evidence/. Takes a package from the
// registry that ships its sources and tests, makes a git repository of it, and lets the recipe model apply one codemod under all gates.
// Needs a registry. Usage: node scripts/evidence.mjs [package@version] [pattern]
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist/bin/codex-orchestrator.mjs");
const [wanted = "node-persist@4.0.4", pattern = "node-protocol"] = process.argv.slice(2);
const name = wanted.slice(0, wanted.lastIndexOf("@"));
const work = mkdtempSync(join(tmpdir(), "codex-orchestrator-evidence-"));
const repository = join(work, "repository");
const cache = join(work, "cache");

try {
  fetchPackage();
  makeRepository();
  const run = orchestrate("run", `apply ${pattern}`, "--recipe", pattern, "--scope", "**");
  const said = ["show", "verify", "diff"].map((verb) => orchestrate("runs", verb, "latest").stdout);
  const applied = orchestrate("runs", "apply", "latest");
  const file = keep(run, said, applied);
  console.log(`exit code ${run.status}; kept in ${file.slice(root.length)}`);
  process.exitCode = run.status;
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** The published files, a lock file for what they need, and nothing else. */
function fetchPackage() {
  const box = join(work, "box");
  mkdirSync(box);
  writeFileSync(join(box, "package.json"), "{}");
  npm(box, "install", "--ignore-scripts", "--no-save", wanted);
  cpSync(join(box, "node_modules", name), repository, { recursive: true });
  rmSync(join(repository, "node_modules"), { recursive: true, force: true });
  if (!existsSync(join(repository, "package-lock.json"))) {
    npm(repository, "install", "--package-lock-only", "--ignore-scripts");
  }
  writeFileSync(join(repository, ".gitignore"), "node_modules\n");
}

function makeRepository() {
  const git = (...args) =>
    execFileSync("git", ["-c", "user.name=example", "-c", "user.email=example@example.invalid", ...args], {
      cwd: repository,
    });
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", `${wanted} as it was published`);
}

function npm(cwd, ...args) {
  execFileSync("npm", [...args, "--no-audit", "--no-fund", "--silent"], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
}

function orchestrate(...args) {
  const env = { ...process.env, ORCHESTRATOR_CACHE_DIR: cache, USER: "example" };
  const argv = [cli, ...args, "--repo", repository];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8", env });
  console.log(`$ codex-orchestrator ${args.join(" ")}\n${stdout}${stderr}`);
  return { status, stdout, stderr };
}

function keep(run, [shown, verified, diff], applied) {
  const folder = join(root, "docs/evidence");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name.replace(/[^a-z0-9]+/gi, "-")}.md`);
  const block = (language, text) => `\`\`\`${language}\n${withoutPaths(text).trimEnd()}\n\`\`\`\n`;
  const text = [
    `# The main job on ${wanted}\n`,
    `\`node scripts/evidence.mjs ${wanted} ${pattern}\` wrote this page. It took the package from the registry, put it into a fresh git`,
    `repository, and ran \`codex-orchestrator run "apply ${pattern}" --recipe ${pattern} --scope '**'\`, which ended with exit code ${run.status}.\n`,
    `## runs show\n\n${block("text", shown)}`,
    `## runs verify\n\n${block("text", verified)}`,
    `## runs diff\n\n${block("diff", diff)}`,
    `## runs apply (exit code ${applied.status})\n\n${block("text", applied.stdout)}`,
  ];
  writeFileSync(file, text.join("\n"));
  return file;
}

/** Names no folder of the machine. */
function withoutPaths(text) {
  return text
    .replaceAll(repository, "<repository>")
    .replaceAll(cache, "<cache>")
    .replaceAll(work, "<work>")
    .replaceAll(homedir(), "~");
}
