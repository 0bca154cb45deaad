import type { CommandPlan, DependencyNeed } from "../../orchestrator/schema/adapter-port.ts";
import { commandPlan } from "../command-plan.ts";
import type { PythonProject } from "./python-project.ts";
import { requirementFiles } from "./python-project.ts";
import { readRequirements } from "./requirements.ts";
import { keysOf } from "./toml-tables.ts";

/** Where packages are installed, by all three managers. */
export const packageFolder = ".venv";

/** Groups and extras by these names hold what the checks need. */
const checkGroups = /^(?:dev|develop|development|tests?|testing|lint|linting|types?|typing|checks?)$/i;

const remedy = "make a uv.lock, a poetry.lock or one list of requirements with a version for each";

/** What a Python project needs installed: by uv.lock, by poetry.lock, or by one list of pinned requirements. */
export function findDependencies(project: PythonProject | null): DependencyNeed {
  const none = { needed: false, lockFile: null, folders: [packageFolder], install: null, unsupported: null };
  if (project === null) return { ...none, reason: "nothing here says Python" };
  const need = { ...none, needed: true };
  if (project.names.has("uv.lock"))
    return { ...need, lockFile: "uv.lock", install: uvPlan(project), reason: "uv.lock pins the packages" };
  if (project.names.has("poetry.lock"))
    return { ...need, lockFile: "poetry.lock", install: poetryPlan(project), reason: "poetry.lock pins the packages" };
  const other = ["pdm.lock", "Pipfile.lock"].find((name) => project.names.has(name));
  if (other !== undefined)
    return { ...need, lockFile: other, unsupported: `${other} is not read: ${remedy}`, reason: `${other} is there` };
  return { ...none, ...pipNeed(project) };
}

/** Dependencies are kept by one file, so one list must name them all. */
function pipNeed({ names, texts }: PythonProject): Partial<DependencyNeed> & { readonly reason: string } {
  const lists = requirementFiles.filter((name) => names.has(name));
  const [list, second] = lists;
  const fallback = `so the commands find only what the Python of this machine has: ${remedy}`;
  if (list === undefined) return { reason: `no lock file is there, ${fallback}` };
  if (second !== undefined) return { reason: `${lists.join(" and ")} are several lists, ${fallback}` };
  const read = readRequirements(texts.get(list) ?? "", list);
  if (!read.pinned) return { reason: `${read.problem}, ${fallback}` };
  return { needed: true, lockFile: list, install: pipPlan(list), reason: `${list} pins the packages` };
}

/** pip and Poetry look for the authorities that a machine trusts under names of their own. */
const withCertificates =
  '[ -z "$SSL_CERT_FILE" ] || export PIP_CERT="$SSL_CERT_FILE" REQUESTS_CA_BUNDLE="$SSL_CERT_FILE"; ';

/** Wheels only: what builds from source would run code of each package. */
function pipPlan(list: string): CommandPlan {
  const pip = ["-m", "pip", "install", "--only-binary=:all:", "--no-input"];
  const script = `python3 -m venv ${packageFolder} && exec ${packageFolder}/bin/python "$@"`;
  return installPlan(["sh", "-c", `${withCertificates}${script}`, "sh", ...pip, "-r", list], {
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
    PIP_NO_CACHE_DIR: "1",
  });
}

function uvPlan({ tables }: PythonProject): CommandPlan {
  const groups = keysOf(tables.get("dependency-groups") ?? "").filter((name) => checkGroups.test(name));
  const extras = keysOf(tables.get("project.optional-dependencies") ?? "").filter((name) => checkGroups.test(name));
  const chosen = [...groups.flatMap((name) => ["--group", name]), ...extras.flatMap((name) => ["--extra", name])];
  return installPlan(["uv", "sync", "--frozen", "--no-install-workspace", "--no-build", ...chosen], {
    UV_PROJECT_ENVIRONMENT: packageFolder,
    UV_PYTHON_DOWNLOADS: "never",
    // A cache that shares files by hard links could change what was installed before.
    UV_LINK_MODE: "copy",
  });
}

function poetryPlan({ tables }: PythonProject): CommandPlan {
  const extras = [
    ...keysOf(tables.get("project.optional-dependencies") ?? ""),
    ...keysOf(tables.get("tool.poetry.extras") ?? ""),
  ];
  const chosen = [...new Set(extras)].filter((name) => checkGroups.test(name)).flatMap((name) => ["--extras", name]);
  const poetry = ["poetry", "install", "--no-interaction", "--no-root", ...chosen];
  return installPlan(["sh", "-c", `${withCertificates}exec "$@"`, "sh", ...poetry], {
    POETRY_VIRTUALENVS_CREATE: "true",
    POETRY_VIRTUALENVS_IN_PROJECT: "true",
    // An environment that Poetry made of this folder before, elsewhere, would be taken in the place of one in the project.
    POETRY_VIRTUALENVS_PATH: `${packageFolder}/elsewhere`,
    POETRY_INSTALLER_ONLY_BINARY: ":all:",
  });
}

function installPlan(argv: readonly [string, ...string[]], env: Readonly<Record<string, string>>): CommandPlan {
  return commandPlan({ goal: "install", argv, env, needsNetwork: true });
}
