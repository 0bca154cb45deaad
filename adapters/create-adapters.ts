import type { LanguageAdapter } from "../orchestrator/schema/adapter-port.ts";
import type { AdapterSetting } from "../orchestrator/schema/config.ts";
import { createCommandAdapter } from "./command/command-adapter.ts";
import { createCppAdapter } from "./cpp/cpp-adapter.ts";
import { createGoAdapter } from "./go/go-adapter.ts";
import { createJavaAdapter } from "./java/java-adapter.ts";
import { createJavaScriptAdapter } from "./javascript/javascript-adapter.ts";
import { createPythonAdapter } from "./python/python-adapter.ts";
import { createRustAdapter } from "./rust/rust-adapter.ts";

/** What a team says of its stacks. */
export interface ConfiguredAdapters {
  /** `adapters` of `orchestrator.config.yaml`. */
  readonly settings?: readonly AdapterSetting[];
  /** The team's own adapters, loaded. */
  readonly modules?: readonly LanguageAdapter[];
  /** The root whose adapters are wanted, relative to the repository; its commands win there. Default: the repository's own. */
  readonly root?: string;
}

/** The adapters for one root: what the team configured for it, the team's own, then every one that the library brings; the earlier wins between equals. */
export function createAdapters({
  settings = [],
  modules = [],
  root = ".",
}: ConfiguredAdapters = {}): readonly LanguageAdapter[] {
  const commands = settings.flatMap((setting) =>
    setting.kind === "command" && setting.root === root ? [createCommandAdapter(setting)] : [],
  );
  const own = [
    createJavaScriptAdapter(),
    createPythonAdapter(),
    createJavaAdapter(),
    createGoAdapter(),
    createRustAdapter(),
    createCppAdapter(),
  ];
  return [...commands, ...modules, ...own];
}
