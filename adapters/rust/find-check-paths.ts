import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";
import { parseCargoManifest } from "./cargo-manifest.ts";

type Reader = Pick<RepositoryReader, "read">;

/** Files from which cargo, its test runner and its linter take what they check. */
const configFiles =
  /(?:^|\/)(?:\.cargo\/config(?:\.toml)?|\.config\/nextest\.toml|rust-toolchain(?:\.toml)?|\.?clippy\.toml|\.?rustfmt\.toml)$/;

const testFiles = /(?:^|\/)tests\/.*\.rs$|(?:^|[/_])tests?\.rs$/;

/** The changed paths that decide the checks of a Rust project: manifests where more than dependencies differ, settings, and tests that are gone. */
export async function findCheckPaths(
  changed: readonly ChangedPath[],
  before: Reader,
  after: Reader,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { path, kind } of changed) {
    const isConfig = configFiles.test(path) || (kind === "deleted" && testFiles.test(path));
    const isManifest = /(?:^|\/)Cargo\.toml$/.test(path);
    if (isConfig || (isManifest && (await decidesOtherwise(path, before, after)))) found.push(path);
  }
  return found;
}

async function decidesOtherwise(path: string, before: Reader, after: Reader): Promise<boolean> {
  const [old, now] = await Promise.all([before, after].map(async (reader) => decisionsIn(await reader.read(path))));
  return old === null || old !== now;
}

function decisionsIn(text: string | null): string | null {
  return text === null ? null : (parseCargoManifest(text)?.decisions ?? null);
}
