import { closeCommands, nextCommandOf } from "../flow/pipeline-commands.ts";
import type { ManifestCommand, ManifestPipeline } from "../schema/pipeline.ts";
import type { FoldState } from "./manifest-state.ts";

/** The part of a manifest that only a run of commands has. */
export function describePipeline({ created, commands, standing }: FoldState): { pipeline?: ManifestPipeline } {
  const { pipeline } = created.payload;
  if (pipeline === undefined) return {};
  const shown = standing.is === "final" ? closeCommands(commands) : commands;
  const next = nextCommandOf(shown);
  const { name, via, keep_going } = pipeline;
  return {
    pipeline: {
      name,
      ...(via === undefined ? {} : { via }),
      keep_going,
      commands: [...shown],
      guardrails: countGuardrails(shown),
      next_command: next === null ? null : [...next],
    },
  };
}

function countGuardrails(commands: readonly ManifestCommand[]): ManifestPipeline["guardrails"] {
  const required = commands.filter((command) => command.required);
  const present = required.filter(({ status }) => status === "passed" || status === "failed" || status === "timed_out");
  const passed = required.filter(({ status }) => status === "passed").length;
  const absent = required
    .filter((command) => !present.includes(command))
    .map(({ name, status }) => `${name} ${status}`);
  const rest = absent.length === 0 ? "" : `; ${absent.slice(0, 10).join(", ")}`;
  return {
    required: required.length,
    present: present.length,
    passed,
    summary: `${passed} of ${required.length} passed${rest}`,
  };
}
