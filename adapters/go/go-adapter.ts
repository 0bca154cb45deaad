import type {
  CheckReading,
  CommandPlan,
  DependencyNeed,
  Detection,
  LanguageAdapter,
  RepositoryReader,
} from "../../orchestrator/schema/adapter-port.ts";
import type { CommandOutcome } from "../../orchestrator/schema/process-port.ts";
import type { PlanGoal } from "../../orchestrator/schema/test-report.ts";
import { commandPlan } from "../command-plan.ts";
import { checkPlanOf, judgeExit, judgeTests } from "../reports/judge-check.ts";
import { goTestEnd, readClosedGoJson } from "../reports/read-go-json.ts";
import { findCheckPaths } from "./find-check-paths.ts";
import { type GoModule, parseGoModule, parseGoWork } from "./go-module.ts";

const reportName = "go-test.jsonl";
/** Where downloaded modules are put: Go passes over folders whose names begin with a dot. */
const moduleFolder = ".go-modules";
/** Where the compiled standard library is kept. */
const buildFolder = ".go-build";

const environment = { GOFLAGS: "-mod=readonly -buildvcs=false", GOTOOLCHAIN: "local", GOPROXY: "off" } as const;

/** The adapter for Go modules at the root of a repository, alone or in a workspace (`go.work`). */
export function createGoAdapter(): LanguageAdapter {
  return {
    id: "go",
    title: "Go",
    detect,
    dependencies,
    compareInstalled: async () => "unknown",
    checkPaths: findCheckPaths,
    plan,
    read,
  };
}

/** What a repository has of Go. */
interface GoProject {
  readonly module: GoModule | null;
  /** Folders of modules; `.` for the root. */
  readonly roots: readonly string[];
  readonly isWorkspace: boolean;
}

async function readProject(repository: RepositoryReader): Promise<GoProject | null> {
  const module = parseGoModule((await repository.read("go.mod")) ?? "");
  const work = await repository.read("go.work");
  if (work !== null) return { module, roots: parseGoWork(work).filter(isInside), isWorkspace: true };
  return module === null ? null : { module, roots: ["."], isWorkspace: false };
}

function isInside(folder: string): boolean {
  return !folder.startsWith("/") && !folder.split("/").includes("..");
}

async function detect(repository: RepositoryReader): Promise<Detection | null> {
  const project = await readProject(repository);
  if (project === null || project.roots.length === 0) return null;
  const { module, roots, isWorkspace } = project;
  const version = module?.go === null || module === null ? "" : `, Go ${module.go}`;
  return {
    adapter: "go",
    confidence: 0.95,
    evidence: [
      ...(module === null ? [] : [`go.mod: the module ${module.path}${version}`]),
      ...(isWorkspace ? [`go.work: ${roots.length} modules`] : []),
    ],
    roots,
  };
}

async function dependencies(repository: RepositoryReader): Promise<DependencyNeed> {
  const none = { lockFile: null, folders: [buildFolder], install: null, unsupported: null };
  const project = await readProject(repository);
  if (project === null) return { ...none, needed: false, reason: "there is no go.mod" };
  const need = { ...none, needed: true };
  const own = {
    ...need,
    lockFile: project.isWorkspace ? "go.work" : "go.mod",
    install: libraryPlan(packagesOf(project)),
  };
  if (await repository.exists("vendor/modules.txt")) return { ...own, reason: "the folder vendor holds the modules" };
  if (project.isWorkspace) return workspaceNeed(repository, project, own);
  if (project.module?.hasRequirements !== true) return { ...own, reason: "go.mod requires no other module" };
  const hasSums = await repository.exists("go.sum");
  return {
    ...need,
    folders: [moduleFolder, buildFolder],
    lockFile: hasSums ? "go.sum" : null,
    install: hasSums ? modulesPlan() : null,
    reason: "go.mod requires other modules",
  };
}

/** Each module of a workspace has a `go.sum` of its own, and one lock file is what dependencies are kept by. */
async function workspaceNeed(
  repository: RepositoryReader,
  { roots }: GoProject,
  need: Omit<DependencyNeed, "reason">,
): Promise<DependencyNeed> {
  const texts = await Promise.all(roots.map((root) => repository.read(root === "." ? "go.mod" : `${root}/go.mod`)));
  const isNeeded = texts.some((text) => text !== null && parseGoModule(text)?.hasRequirements === true);
  if (!isNeeded) return { ...need, reason: "no module of go.work requires another one" };
  const unsupported =
    "the modules of a go.work that require others need a vendor folder: run go work vendor, and commit it";
  return { ...need, lockFile: null, install: null, unsupported, reason: "modules of go.work require others" };
}

function packagesOf({ roots }: GoProject): readonly string[] {
  return roots.map((root) => (root === "." ? "./..." : `./${root}/...`));
}

function libraryPlan(packages: readonly string[]): CommandPlan {
  return commandPlan({ goal: "install", argv: ["sh", "-c", compileLibrary, "sh", ...packages], env: environment });
}

function modulesPlan(): CommandPlan {
  return commandPlan({
    goal: "install",
    argv: ["sh", "-c", `${downloadModules}\n${compileLibrary}`, "sh", "./..."],
    env: { GOFLAGS: "-mod=readonly -modcacherw", GOTOOLCHAIN: "local" },
    needsNetwork: true,
  });
}

const downloadModules = `export GOMODCACHE="$PWD/${moduleFolder}"\ngo mod download || exit 1`;

/**
 * Compiles what the packages use of the standard library, by a package that imports just that: nothing of the repository is compiled
 * or run. Where it fails, the commands compile what is missing themselves.
 */
const compileLibrary = `
go version || exit 1
export GOCACHE="$PWD/${buildFolder}"
mkdir -p "$GOCACHE" .go-library || exit 1
used=$(go list -e -deps -test -f '{{if .Standard}}{{.ImportPath}}{{end}}' "$@")
cd .go-library && {
  echo 'module library' > go.mod
  { echo 'package library'; echo "$used" | grep -Ev '(^|/)(internal|vendor)(/|$)|^(unsafe|C|)$|^cmd/' | sed 's/.*/import _ "&"/'; } > library.go
  printf 'package library\nimport "testing"\nfunc TestNone(t *testing.T) {}\n' > library_test.go
  export GOWORK=off GOFLAGS=-buildvcs=false
  go vet . && go test -c -o /dev/null .
  cd .. && rm -r .go-library
}
exit 0
`.trim();

/**
 * Runs a command with the modules and a cache of its own, which begins with links to the compiled standard library: Go replaces no entry
 * that is valid, and what it adds stays with the command. Where files cannot be linked, they are copied. Go takes only absolute folders.
 */
const inFolders = [
  `[ ! -d ${moduleFolder} ] || export GOMODCACHE="$PWD/${moduleFolder}"`,
  `cache=$(go env GOCACHE); [ ! -d ${buildFolder} ] || [ "$cache" = off ] || [ -e "$cache" ] || {`,
  `mkdir -p "$cache"; cp -Rs "$PWD/${buildFolder}/." "$cache" 2> /dev/null || cp -R ${buildFolder}/. "$cache" 2> /dev/null`,
  'rm -f "$cache/trim.txt"; date +%s > "$cache/trim.txt"; }',
  'exec "$@"',
].join("\n");

/** `gofmt -l` ends with 0 whatever it lists. What is vendored, downloaded or wrong on purpose is passed over, as Go does. */
const formatScript = [
  "files=$(find \"$@\" \\( -name vendor -o -name testdata -o -name '.?*' \\) -prune -o -type f -name '*.go' -exec gofmt -l {} +) || exit 1",
  '[ -z "$files" ] && exit 0',
  "printf 'not formatted by gofmt:\\n%s\\n' \"$files\"",
  "exit 1",
].join("\n");

async function plan(repository: RepositoryReader, goal: PlanGoal, reportDir: string): Promise<CommandPlan | null> {
  const project = await readProject(repository);
  if (project === null || project.roots.length === 0) return null;
  const packages = packagesOf(project);
  if (goal === "format") return checkPlan(goal, ["sh", "-c", formatScript, "sh", ...project.roots]);
  const prefix = ["sh", "-c", inFolders, "sh"];
  if (goal === "build") return checkPlan(goal, [...prefix, "go", "build", "-o", "/dev/null", ...packages]);
  if (goal === "lint") return checkPlan(goal, [...prefix, "go", "vet", ...packages]);
  const reportFile = `${reportDir}/${reportName}`;
  const script = `"$@" > "$0"; code=$?; printf '%s\\n' '${goTestEnd}' >> "$0"; exit $code`;
  const argv = ["sh", "-c", script, reportFile, ...prefix, "go", "test", "-json", ...packages];
  return { ...checkPlan(goal, argv), reportFile };
}

function checkPlan(goal: PlanGoal, [program = "go", ...args]: readonly string[]): CommandPlan {
  return commandPlan({ goal, argv: [program, ...args], env: environment });
}

function read(given: CommandPlan, outcome: CommandOutcome, report: string | null): CheckReading {
  const plan = checkPlanOf(given);
  if (plan.goal !== "test") return judgeExit(plan, outcome);
  return judgeTests(plan, outcome, report, "go-test-json", readClosedGoJson);
}
