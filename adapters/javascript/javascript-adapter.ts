import type {
  CommandPlan,
  Detection,
  LanguageAdapter,
  RepositoryReader,
} from "../../orchestrator/schema/adapter-port.ts";
import type { PlanGoal } from "../../orchestrator/schema/test-report.ts";
import { commandPlan } from "../command-plan.ts";
import { choosePackageManager } from "./choose-package-manager.ts";
import { compareInstalled } from "./compare-installed.ts";
import { findCheckPaths } from "./find-check-paths.ts";
import { findDependencies } from "./find-dependencies.ts";
import { PackageManifest, readPackageManifest } from "./package-manifest.ts";
import { planFormat } from "./plan-format.ts";
import { planTest, runScript } from "./plan-test.ts";
import { readCheck } from "./read-check.ts";

/** The adapter for projects with a `package.json` at their root: npm, pnpm, yarn and bun, and the scripts `build`, `lint` and `test`. */
export function createJavaScriptAdapter(): LanguageAdapter {
  return {
    id: "javascript",
    title: "JavaScript and TypeScript",
    detect,
    dependencies: async (repository) => {
      const manifest = await readPackageManifest(repository);
      const manager = await choosePackageManager(repository, manifest ?? PackageManifest.parse({}));
      return findDependencies(repository, manifest, manager);
    },
    compareInstalled,
    checkPaths: findCheckPaths,
    plan,
    read: readCheck,
  };
}

async function detect(repository: RepositoryReader): Promise<Detection | null> {
  const manifest = await readPackageManifest(repository);
  if (manifest === null) return null;
  const manager = await choosePackageManager(repository, manifest);
  const hasTypes = await repository.exists("tsconfig.json");
  const isSure = manager.lockFile !== null || Object.keys(manifest.scripts).length > 0;
  return {
    adapter: "javascript",
    confidence: isSure ? 0.95 : 0.7,
    evidence: ["package.json: JavaScript", ...manager.evidence, ...(hasTypes ? ["tsconfig.json: TypeScript"] : [])],
    roots: ["."],
  };
}

async function plan(repository: RepositoryReader, goal: PlanGoal, reportDir: string): Promise<CommandPlan | null> {
  const manifest = await readPackageManifest(repository);
  if (manifest === null) return null;
  if (goal === "format") return planFormat(manifest, (await choosePackageManager(repository, manifest)).name);
  const script = manifest.scripts[goal];
  if (script === undefined || script.trim() === "" || isPlaceholder(script)) return null;
  const { name } = await choosePackageManager(repository, manifest);
  if (goal === "test") return planTest(manifest, name, reportDir);
  const argv = runScript(name, goal, []);
  return argv && commandPlan({ goal, argv });
}

/** What `npm init` puts there. */
function isPlaceholder(script: string): boolean {
  return script.includes("no test specified");
}
