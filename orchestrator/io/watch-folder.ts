import { type FSWatcher, watch } from "node:fs";
import { createWaker } from "./waker.ts";

/** Tells when something in a folder may have changed. */
export interface FolderWatch {
  /** Resolves at a change since the last call, after `ms` milliseconds, or when `signal` aborts. Never rejects. */
  change(ms: number, signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** Watches one folder (not those in it). Where the system has no watch to give, `change` just waits its time. */
export function watchFolder(path: string): FolderWatch {
  const waker = createWaker();
  const watcher = tryWatch(path, waker.wake);
  return { change: waker.wait, close: () => watcher?.close() };
}

function tryWatch(path: string, listener: () => void): FSWatcher | null {
  try {
    return watch(path, { persistent: false }, listener).on("error", () => {});
  } catch {
    return null;
  }
}
