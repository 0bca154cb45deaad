import type { Detection, LanguageAdapter, RepositoryReader } from "../orchestrator/schema/adapter-port.ts";

/** An adapter, and why it fits. */
export interface DetectedAdapter {
  readonly adapter: LanguageAdapter;
  readonly detection: Detection;
}

/** The adapter that is most confident, the earlier one in the list among equals; null where none fits. */
export async function detectAdapter(
  adapters: readonly LanguageAdapter[],
  reader: RepositoryReader,
): Promise<DetectedAdapter | null> {
  let best: DetectedAdapter | null = null;
  for (const adapter of adapters) {
    const detection = await adapter.detect(reader);
    if (detection === null) continue;
    if (best === null || detection.confidence > best.detection.confidence) best = { adapter, detection };
  }
  return best;
}
