import type { LanguageAdapter } from "../orchestrator/schema/adapter-port.ts";
import { createGoAdapter } from "./go/go-adapter.ts";
import { createJavaAdapter } from "./java/java-adapter.ts";
import { createJavaScriptAdapter } from "./javascript/javascript-adapter.ts";
import { createPythonAdapter } from "./python/python-adapter.ts";

/** Every adapter that the library brings, in the order that decides between equals. */
export function createAdapters(): readonly LanguageAdapter[] {
  return [createJavaScriptAdapter(), createGoAdapter(), createPythonAdapter(), createJavaAdapter()];
}
