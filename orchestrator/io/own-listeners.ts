const events = ["SIGINT", "SIGTERM", "unhandledRejection", "beforeExit"];

/**
 * Loads something and takes off the process listeners that it added. The Agents SDK adds some on import, by which a host program
 * that is terminated would exit with code 0.
 */
export async function withoutListeners<Loaded>(load: () => Promise<Loaded>): Promise<Loaded> {
  const emitter: NodeJS.EventEmitter = process;
  const before = new Map(events.map((name) => [name, new Set(emitter.listeners(name))]));
  const loaded = await load();
  for (const name of events) {
    const added = emitter.rawListeners(name).filter((listener) => !before.get(name)?.has(listener));
    for (const listener of added) Reflect.apply(emitter.removeListener, emitter, [name, listener]);
  }
  return loaded;
}
