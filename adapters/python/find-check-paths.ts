import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";
import { findDecidingPaths } from "../find-deciding-paths.ts";
import { tomlTables } from "./toml-tables.ts";

type Reader = Pick<RepositoryReader, "read">;

/** Files from which the runners and linters take what to do, and modules that would stand in for a runner or run before it. */
const configFiles =
  /(?:^|\/)(?:\.?pytest\.(?:ini|toml)|conftest\.py|tox\.ini|setup\.cfg|\.?ruff\.toml|\.?mypy\.ini)$|^(?:src\/)?(?:_?pytest|unittest|sitecustomize|usercustomize|mypy|ruff)(?:\.py$|\/)/;

const testFiles = /(?:^|\/)(?:tests?\/.*|test[^/]*|[^/]*_test|tests)\.py$/;

/** Tables of a `pyproject.toml` that decide the checks. */
const tools = /^tool\.(?:pytest|ruff|mypy)(?:\.|$)/;

/** The changed paths that decide the checks of a Python project. */
export function findCheckPaths(
  changed: readonly ChangedPath[],
  before: Reader,
  after: Reader,
): Promise<readonly string[]> {
  return findDecidingPaths(
    { configFiles, testFiles, manifests: /pyproject\.toml$/, decisionsIn },
    changed,
    before,
    after,
  );
}

function decisionsIn(text: string): string {
  return JSON.stringify([...tomlTables(text)].filter(([name]) => tools.test(name)).sort());
}
