import { z } from "zod";
import type { RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import type { ChangedPath } from "../../orchestrator/schema/change-set.ts";

type Reader = Pick<RepositoryReader, "read">;

/** Files from which the runners, and the package manager that starts a script, take what to do. */
const configFiles =
  /(?:^|\/)(?:(?:vitest|vite|jest|ava)\.(?:config|workspace|projects)\.[^/]+|\.mocharc(?:\.[^/]+)?|\.taprc|\.npmrc|\.yarnrc(?:\.yml)?)$|(?:^|\/)\.tap\/config$/;

const testFiles = /(?:^|\/)(?:tests?|__tests__|specs?)\/|(?:^|[/._-])(?:tests?|spec)\.[cm]?[jt]sx?$/;

/** Members of a `package.json` that decide the checks. */
const members = ["scripts", "ava", "jest", "mocha", "tap"] as const;

/** The changed paths that decide the checks of a project with a `package.json` at its root. */
export async function findCheckPaths(
  changed: readonly ChangedPath[],
  before: Reader,
  after: Reader,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { path, kind } of changed) {
    const isConfig = configFiles.test(path) || (kind === "deleted" && testFiles.test(path));
    if (isConfig || (path === "package.json" && (await decidesOtherwise(before, after)))) found.push(path);
  }
  return found;
}

async function decidesOtherwise(before: Reader, after: Reader): Promise<boolean> {
  const [old, now] = [decisionsIn(await before.read("package.json")), decisionsIn(await after.read("package.json"))];
  return old === null || old !== now;
}

/** The members as text, or null for what is no manifest. */
function decisionsIn(manifest: string | null): string | null {
  try {
    const parsed = z.record(z.string(), z.unknown()).parse(JSON.parse((manifest ?? "").replace(/^\uFEFF/, "")));
    return JSON.stringify(members.map((name) => parsed[name] ?? null));
  } catch {
    return null;
  }
}
