import type { LanguageAdapter } from "../orchestrator/schema/adapter-port.ts";
import { createCppAdapter } from "./cpp/cpp-adapter.ts";
import { createGoAdapter } from "./go/go-adapter.ts";
import { createJavaScriptAdapter } from "./javascript/javascript-adapter.ts";
import { createPythonAdapter } from "./python/python-adapter.ts";
import { createRustAdapter } from "./rust/rust-adapter.ts";

/** Every adapter that the library brings, in the order that decides between equals. */
export function createAdapters(): readonly LanguageAdapter[] {
  return [createJavaScriptAdapter(), createPythonAdapter(), createGoAdapter(), createRustAdapter(), createCppAdapter()];
}
