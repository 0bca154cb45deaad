import type { RepositoryReader } from "../orchestrator/schema/adapter-port.ts";
import type { ChangedPath } from "../orchestrator/schema/change-set.ts";

type Reader = Pick<RepositoryReader, "read">;

/** Which files of a stack decide its checks. */
export interface DecidingFiles {
  /** Whatever changes in them. */
  readonly configFiles: RegExp;
  /** Where they are deleted. */
  readonly testFiles: RegExp;
  /** Where more changes in them than what decides nothing. */
  readonly manifests: RegExp;
  /** What of a manifest decides, as a text that can be compared; null for what cannot be read. */
  readonly decisionsIn: (manifest: string) => string | null;
}

/** The changed paths that decide the checks of a project. A manifest that is new, gone or cannot be read on the base is named. */
export async function findDecidingPaths(
  { configFiles, testFiles, manifests, decisionsIn }: DecidingFiles,
  changed: readonly ChangedPath[],
  before: Reader,
  after: Reader,
): Promise<readonly string[]> {
  const decisionsAt = async (reader: Reader, path: string) => {
    const text = await reader.read(path);
    return text === null ? null : decisionsIn(text);
  };
  const found: string[] = [];
  for (const { path, kind } of changed) {
    const isConfig = configFiles.test(path) || (kind === "deleted" && testFiles.test(path));
    const old = isConfig || !manifests.test(path) ? undefined : await decisionsAt(before, path);
    if (isConfig || old === null || (old !== undefined && old !== (await decisionsAt(after, path)))) found.push(path);
  }
  return found;
}
