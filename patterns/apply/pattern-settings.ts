import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { PatternDetails } from "../../orchestrator/schema/pattern-workbench.ts";

type Settings = PatternDetails["settings"];

const known: Readonly<Record<string, Settings>> = {
  "prefer-logger-over-console": [
    {
      name: "loggerModule",
      required: false,
      help: "the module that exports `logger`, for files that have none in scope",
    },
  ],
};

interface Pattern {
  readonly id: string;
  /** Its own; only cross-file codemods say them themselves. */
  readonly settings?: Settings;
}

/** The settings that a pattern takes. */
export function settingsOf({ id, settings }: Pattern): Settings {
  return settings ?? known[id] ?? [];
}

/** Throws `usage` for a setting that none of the patterns takes, and for a required one that is not given. */
export function checkSettings(patterns: readonly Pattern[], given: Readonly<Record<string, string>>): void {
  const all = patterns.flatMap(settingsOf);
  const names = all.map(({ name }) => name).join(", ") || "none";
  const ids = patterns.map(({ id }) => id).join(", ");
  for (const name of Object.keys(given)) {
    if (all.some((setting) => setting.name === name)) continue;
    throw new OrchestratorError("usage", `${ids} takes no setting ${name}; there are: ${names}`);
  }
  const missing = all.find(({ name, required }) => required && given[name] === undefined);
  if (missing !== undefined)
    throw new OrchestratorError("usage", `${ids} needs --set ${missing.name}=…: ${missing.help}`);
}
