import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";

/** Files from which Go and its linter take what they check. */
const configFiles = /(?:^|\/)(?:go\.mod|go\.work|\.golangci\.(?:ya?ml|toml|json))$/;

/** The changed paths that decide the checks of a Go module: its modules, its linter's settings, and tests that are gone. */
export async function findCheckPaths(changed: readonly ChangedPath[]): Promise<readonly string[]> {
  return changed
    .filter(({ path, kind }) => configFiles.test(path) || (kind === "deleted" && path.endsWith("_test.go")))
    .map(({ path }) => path);
}
