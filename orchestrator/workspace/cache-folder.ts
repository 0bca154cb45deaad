import { basename, join } from "node:path";
import { sha256 } from "../io/hash.ts";

/** The cache of one repository: `<user cache>/codex-orchestrator/<name>-<hash of path>`, so that equal names do not share one. */
export function cacheFolderOf(userCache: string, repositoryRoot: string): string {
  return join(userCache, "codex-orchestrator", `${basename(repositoryRoot)}-${sha256(repositoryRoot).slice(0, 12)}`);
}
