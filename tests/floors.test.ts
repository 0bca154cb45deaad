import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** One import that each rule must refuse: from which module, of what. */
const refused: Record<string, readonly [from: string, specifier: string]> = {
  "schema-imports-zod-only": ["orchestrator/schema/breach.ts", "node:fs"],
  "io-imports-schema-only": ["orchestrator/io/breach.ts", "../gates/target.ts"],
  "gates-are-pure": ["orchestrator/gates/breach.ts", "node:path"],
  "flow-is-pure": ["orchestrator/flow/breach.ts", "../gates/target.ts"],
  "runs-imports-downward": ["orchestrator/runs/breach.ts", "../evidence/target.ts"],
  "evidence-imports-downward": ["orchestrator/evidence/breach.ts", "../workspace/target.ts"],
  "workspace-imports-downward": ["orchestrator/workspace/breach.ts", "../models/target.ts"],
  "models-imports-downward": ["orchestrator/models/breach.ts", "../workspace/target.ts"],
  "tools-imports-downward": ["orchestrator/tools/breach.ts", "../agents/target.ts"],
  "agents-imports-downward": ["orchestrator/agents/breach.ts", "../manager/target.ts"],
  "manager-imports-downward": ["orchestrator/manager/breach.ts", "../pipeline/target.ts"],
  "pipeline-imports-downward": ["orchestrator/pipeline/breach.ts", "../compose.ts"],
  "goals-imports-downward": ["orchestrator/goals/breach.ts", "../pipeline/target.ts"],
  "mcp-imports-downward": ["orchestrator/mcp/breach.ts", "../compose.ts"],
  "compose-stands-below-the-entries": ["orchestrator/compose.ts", "./cli/target.ts"],
  "entries-are-blind-to-each-other": ["orchestrator/cli/breach.ts", "../index.ts"],
  "only-eval-commands-open-the-harness": ["orchestrator/cli/commands/eval-breach.ts", "../../../evaluation/target.ts"],
  "no-other-part-knows-the-harness": ["orchestrator/cli/commands/breach.ts", "../../../evaluation/index.ts"],
  "only-compose-picks-concrete-parts": ["orchestrator/cli/breach.ts", "../../adapters/target.ts"],
  "every-folder-has-a-floor": ["orchestrator/elsewhere/breach.ts", "../schema/target.ts"],
  "adapters-import-ports-only": ["adapters/breach.ts", "../patterns/target.ts"],
  "patterns-import-ports-only": ["patterns/breach.ts", "../orchestrator/runs/target.ts"],
  "evaluation-uses-the-public-library": ["evaluation/breach.ts", "../orchestrator/manager/target.ts"],
  "scripts-are-never-imported": ["evaluation/breach.ts", "../scripts/target.ts"],
  "tests-are-never-imported": ["orchestrator/tools/breach.ts", "./target.test.ts"],
  "no-circles": ["orchestrator/io/round.ts", "./trip.ts"],
  "no-orphans": ["orchestrator/io/alone.ts", ""],
  "no-development-packages-in-shipped-code": ["adapters/breach.ts", "declared-for-development"],
  "no-undeclared-packages": ["patterns/breach.ts", "undeclared"],
  "everything-resolves": ["patterns/breach.ts", "./nowhere.ts"],
};

/** Imports that must stand, each close to one that is refused. */
const allowed: readonly (readonly [from: string, specifier: string])[] = [
  ["orchestrator/schema/fine.ts", "zod"],
  ["orchestrator/io/fine.ts", "node:fs"],
  ["orchestrator/gates/fine.ts", "picomatch"],
  ["orchestrator/flow/fine.ts", "../schema/target.ts"],
  ["orchestrator/runs/fine.ts", "../gates/target.ts"],
  ["orchestrator/manager/fine.ts", "../schema/target.ts"],
  ["orchestrator/compose.ts", "../adapters/target.ts"],
  ["orchestrator/cli/fine.ts", "../compose.ts"],
  ["orchestrator/cli/commands/eval-fine.ts", "../../../evaluation/index.ts"],
  ["orchestrator/schema/target.test.ts", "../manager/target.ts"],
  ["orchestrator/runs/fine.contract.ts", "declared-for-development"],
  ["evaluation/fine.ts", "../orchestrator/index.ts"],
  ["tests/fine.ts", "../patterns/target.ts"],
];

const Report = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
    ruleSetUsed: z.object({ forbidden: z.array(z.object({ name: z.string() })) }),
  }),
});

test("each rule of the floors refuses its breach, and only that", () => {
  const folder = mkdtempSync(join(tmpdir(), "floors-"));
  try {
    writeTree(folder);
    const { summary } = cruise(folder);
    expect(summary.ruleSetUsed.forbidden.map((rule) => rule.name).sort()).toEqual(Object.keys(refused).sort());
    const found = new Set(summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`));
    const expected = Object.entries(refused).map(([rule, [from]]) => `${rule}: ${from}`);
    expect([...found].filter((line) => !expected.includes(line) && !line.startsWith("no-circles: "))).toEqual([]);
    expect(expected.filter((line) => !found.has(line))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function writeTree(folder: string): void {
  copyFileSync(join(repository, ".dependency-cruiser.mjs"), join(folder, ".dependency-cruiser.mjs"));
  copyFileSync(join(repository, "tsconfig.json"), join(folder, "tsconfig.json"));
  const dependencies = { zod: "1.0.0", picomatch: "1.0.0" };
  const development = { "declared-for-development": "1.0.0" };
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies, devDependencies: development }));
  for (const name of [...Object.keys(dependencies), ...Object.keys(development), "undeclared"]) {
    write(folder, `node_modules/${name}/package.json`, JSON.stringify({ name, version: "1.0.0", main: "index.js" }));
    write(folder, `node_modules/${name}/index.js`, "");
  }
  symlinkSync(join(repository, "node_modules/typescript"), join(folder, "node_modules/typescript"));
  write(folder, "orchestrator/io/trip.ts", 'import "./round.ts";\n');
  write(folder, "orchestrator/tools/target.test.ts", "");
  write(folder, "scripts/target.ts", "");
  write(
    folder,
    "tests/reach.ts",
    everyTarget()
      .map((path) => `import "../${path}";\n`)
      .join(""),
  );
  for (const [path, lines] of sources()) write(folder, path, lines.join(""));
}

/** The text of each module that imports something, and an empty module for each that is imported. */
function sources(): Map<string, string[]> {
  const texts = new Map<string, string[]>(everyTarget().map((path) => [path, []]));
  for (const [from, specifier] of [...Object.values(refused), ...allowed]) {
    const lines = texts.get(from) ?? [];
    texts.set(from, specifier === "" ? lines : [...lines, `import "${specifier}";\n`]);
  }
  return texts;
}

function everyTarget(): readonly string[] {
  const folders = [
    "schema",
    "gates",
    "evidence",
    "workspace",
    "models",
    "agents",
    "manager",
    "pipeline",
    "runs",
    "cli",
  ];
  const targets = folders.map((name) => `orchestrator/${name}/target.ts`);
  return [
    ...targets,
    "orchestrator/index.ts",
    "adapters/target.ts",
    "patterns/target.ts",
    "evaluation/target.ts",
    "evaluation/index.ts",
  ];
}

function write(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function cruise(folder: string): z.infer<typeof Report> {
  const binary = join(repository, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const folders = ["orchestrator", "patterns", "adapters", "evaluation", "scripts", "tests"];
  const args = [binary, "--config", ".dependency-cruiser.mjs", "--output-type", "json", ...folders];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 25_000 });
  if (stdout === "") throw new Error(stderr);
  return Report.parse(JSON.parse(stdout));
}
