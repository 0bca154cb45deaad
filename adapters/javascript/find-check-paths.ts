import { z } from "zod";
import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";
import { findDecidingPaths } from "../find-deciding-paths.ts";

type Reader = Pick<RepositoryReader, "read">;

/** Files from which the runners, and the package manager that starts a script, take what to do. */
const configFiles =
  /(?:^|\/)(?:(?:vitest|vite|jest|ava)\.(?:config|workspace|projects)\.[^/]+|\.mocharc(?:\.[^/]+)?|\.taprc|\.npmrc|\.yarnrc(?:\.yml)?)$|(?:^|\/)\.tap\/config$/;

const testFiles = /(?:^|\/)(?:tests?|__tests__|specs?)\/|(?:^|[/._-])(?:tests?|spec)\.[cm]?[jt]sx?$/;

/** Members of a `package.json` that decide the checks. */
const members = ["scripts", "ava", "jest", "mocha", "tap"] as const;

/** The changed paths that decide the checks of a project with a `package.json` at its root. */
export function findCheckPaths(
  changed: readonly ChangedPath[],
  before: Reader,
  after: Reader,
): Promise<readonly string[]> {
  return findDecidingPaths(
    { configFiles, testFiles, manifests: /^package\.json$/, decisionsIn },
    changed,
    before,
    after,
  );
}

/** The members as text, or null for what is no manifest. */
function decisionsIn(manifest: string): string | null {
  try {
    const parsed = z.record(z.string(), z.unknown()).parse(JSON.parse(manifest.replace(/^\uFEFF/, "")));
    return JSON.stringify(members.map((name) => parsed[name] ?? null));
  } catch {
    return null;
  }
}
