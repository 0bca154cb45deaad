import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";
import { findDecidingPaths } from "../find-deciding-paths.ts";
import { parseCargoManifest } from "./cargo-manifest.ts";

type Reader = Pick<RepositoryReader, "read">;

/** Files from which cargo, its test runner and its linter take what they check. */
const configFiles =
  /(?:^|\/)(?:\.cargo\/config(?:\.toml)?|\.config\/nextest\.toml|rust-toolchain(?:\.toml)?|\.?clippy\.toml|\.?rustfmt\.toml)$/;

const testFiles = /(?:^|\/)tests\/.*\.rs$|(?:^|[/_])tests?\.rs$/;

/** The changed paths that decide the checks of a Rust project: manifests where more than dependencies differ, settings, and tests that are gone. */
export function findCheckPaths(
  changed: readonly ChangedPath[],
  before: Reader,
  after: Reader,
): Promise<readonly string[]> {
  return findDecidingPaths(
    { configFiles, testFiles, manifests: /(?:^|\/)Cargo\.toml$/, decisionsIn },
    changed,
    before,
    after,
  );
}

function decisionsIn(text: string): string | null {
  return parseCargoManifest(text)?.decisions ?? null;
}
