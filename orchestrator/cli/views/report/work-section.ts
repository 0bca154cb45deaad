import type { RunManifest } from "../../../schema/run-manifest.ts";
import { type Field, layFields } from "../../text/layout.ts";
import { countOf, formatTime, shortHash } from "../../text/quantities.ts";
import { safeLine } from "../../text/safe-text.ts";
import { costText } from "../run-facts.ts";

/** How long, by whom, at what cost, by which rules. */
export function workSection(manifest: RunManifest, width: number): string {
  const { metrics, finished_at } = manifest;
  const used = manifest.models_used.map(safeLine).join(", ");
  const fields: Field[] = [
    ["started", formatTime(manifest.created_at)],
    ["finished", finished_at === null ? "" : formatTime(finished_at)],
    ["cost", costText(manifest)],
    [
      "",
      `${countOf(metrics.tool_calls, "tool call")}, ${countOf(metrics.refusals, "refusal")}, ${countOf(metrics.model_retries, "model retry").replace(/retrys$/, "retries")}`,
    ],
    ["model", `${safeLine(manifest.model)}${used === "" ? "" : ` (used: ${used})`}`],
    ["agents", manifest.agents.map(safeLine).join(", ")],
    ["plan", manifest.plan_summary === null ? "" : safeLine(manifest.plan_summary)],
    ["patterns", (manifest.patterns ?? []).map(patternText).join(", ")],
    ["policy", `sha256 ${shortHash(manifest.policy_sha256)}`],
    ["version", safeLine(manifest.code_version)],
    [
      "log",
      `${countOf(manifest.log.events, "event")} in ${countOf(manifest.log.epochs, "segment")}, last hash ${shortHash(manifest.log.last_hash)}`,
    ],
  ];
  return layFields(fields, 2, width);
}

function patternText({ id, version, sha256 }: NonNullable<RunManifest["patterns"]>[number]): string {
  return `${safeLine(id)} ${safeLine(version)} (sha256 ${shortHash(sha256)})`;
}
