import type { LanguageAdapter, RepositoryReader } from "../../orchestrator/schema/adapter-port.ts";
import { type DetectedAdapter, detectAdapter } from "../detect-adapter.ts";
import { adapterAt } from "./adapter-at.ts";
import { detectProjects } from "./detect-projects.ts";

/**
 * The adapter of a whole repository: that of its root, or that of the only project below where the root holds none. Null where no adapter
 * fits, and where several projects lie below, since one adapter cannot speak for them.
 */
export async function detectStack(
  adapters: readonly LanguageAdapter[],
  reader: RepositoryReader,
): Promise<DetectedAdapter | null> {
  const atRoot = await detectAdapter(adapters, reader);
  if (atRoot !== null) return atRoot;
  const [only, ...more] = await detectProjects(adapters, reader);
  return only === undefined || more.length > 0 ? null : detectAdapter([adapterAt(only.adapter, only.root)], reader);
}
