import type { McpServer } from "../../../schema/mcp.ts";
import type { ManifestCommand } from "../../../schema/pipeline.ts";
import type { RunManifest } from "../../../schema/run-manifest.ts";
import { indentText, layTable } from "../../text/layout.ts";
import type { Paint } from "../../text/paint.ts";
import { countOf, formatBytes, formatDuration, shortHash } from "../../text/quantities.ts";
import { safeBlock, safeLine } from "../../text/safe-text.ts";

/** Each command of a pipeline, what it was judged by, and the end of what the failed ones printed. */
export function commandsSection({ pipeline }: RunManifest, paint: Paint, width: number): string {
  if (pipeline === undefined) return "";
  const failed = pipeline.commands.filter(({ status }) => status === "failed" || status === "timed_out");
  return [
    layTable(commandRows(pipeline.commands, paint), 2),
    `  guardrails: ${safeLine(pipeline.guardrails.summary)}`,
    ...(pipeline.via === undefined ? [] : [`  over MCP: ${safeLine(serverName(pipeline.via))}`]),
    ...failed.flatMap((command) => outputLines(command, width)),
  ].join("\n");
}

function serverName(server: McpServer): string {
  switch (server.kind) {
    case "own":
      return "our own server";
    case "stdio":
      return [server.command, ...server.args].join(" ");
    case "http":
      return server.url;
  }
}

/** One row for each command: how it stands, how long it took, and why. */
export function commandRows(commands: readonly ManifestCommand[], paint: Paint): readonly (readonly string[])[] {
  return commands.map((command) => [
    markOf(command, paint),
    safeLine(command.name),
    command.status.replace("_", " "),
    command.completed_at === null || command.duration_ms === 0 ? "" : formatDuration(command.duration_ms / 1000),
    triesOf(command),
    safeLine(reasonOf(command)),
  ]);
}

/** What was run, or why it did not pass, with the file that holds what came in place of an answer. */
function reasonOf({ status, command, summary, error_file }: ManifestCommand): string {
  if (status === "passed") return command.join(" ");
  return error_file === null ? summary : `${summary}; see ${error_file}`;
}

function markOf({ status, required }: ManifestCommand, paint: Paint): string {
  switch (status) {
    case "passed":
      return paint.green("✓");
    case "pending":
    case "running":
      return paint.cyan("·");
    case "missing":
    case "skipped":
      return required ? paint.red("✗") : paint.dim("–");
    default:
      return paint.red("✗");
  }
}

function triesOf({ attempts, interruptions }: ManifestCommand): string {
  const told = [
    ...(attempts > 1 ? [`${attempts} tries`] : []),
    ...(interruptions > 0 ? [countOf(interruptions, "interruption")] : []),
  ];
  return told.join(", ");
}

function outputLines({ name, output }: ManifestCommand, width: number): readonly string[] {
  if (output === null) return [];
  const where = output.blob_sha256 === null ? "" : `, all of it in blobs/${shortHash(output.blob_sha256)}…`;
  const head = `  end of the output of ${safeLine(name)} (${formatBytes(output.bytes)}${where})`;
  return [head, indentText(safeBlock(output.tail), 4, width)];
}
