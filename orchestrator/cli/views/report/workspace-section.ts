import type { RunManifest } from "../../../schema/run-manifest.ts";
import { type Field, layFields } from "../../text/layout.ts";
import { shortHash } from "../../text/quantities.ts";
import { safeLine } from "../../text/safe-text.ts";

/** What kept foreign code in bounds, as it was really enforced, and where dependencies came from. */
export function workspaceSection({ workspace }: RunManifest, width: number): string {
  if (workspace === null) return "";
  const { enforcement, dependencies } = workspace;
  const yes = (claim: boolean, held: string, not: string) => (claim ? held : not);
  const fields: Field[] = [
    ["branch", safeLine(workspace.branch)],
    ["adapter", workspace.adapter === null ? "none fits this repository" : safeLine(workspace.adapter)],
    ...projectFields(workspace.projects ?? []),
    ["sandbox", `${enforcement.sandbox}: ${safeLine(enforcement.reason)}`],
    [
      "enforced",
      [
        yes(enforcement.network_blocked, "network blocked", "network NOT blocked"),
        yes(enforcement.writes_confined, "writes confined", "writes NOT confined"),
        yes(enforcement.environment_filtered, "environment filtered", "environment NOT filtered"),
      ].join(", "),
    ],
    ["dependencies", `${dependencies.method}: ${safeLine(dependencies.reason)}`],
    ["lock file", lockText(dependencies)],
  ];
  return layFields(fields, 2, width);
}

/** Where there are several projects, or the only one is not at the root, each with what it is told by and where its dependencies came from. */
function projectFields(projects: NonNullable<NonNullable<RunManifest["workspace"]>["projects"]>): Field[] {
  if (projects.every(({ root }) => root === ".") && projects.length < 2) return [];
  return projects.map(({ root, adapter, evidence, goals, dependencies }) => [
    safeLine(`in ${root}`),
    safeLine(
      `${adapter} (${evidence.join("; ")}): ${goals.join(", ") || "no checks"}; dependencies ${dependencies.method}: ${dependencies.reason}`,
    ),
  ]);
}

function lockText({ lock_file, lock_sha256 }: NonNullable<RunManifest["workspace"]>["dependencies"]): string {
  if (lock_file === null) return "";
  return `${safeLine(lock_file)}${lock_sha256 === null ? "" : ` (sha256 ${shortHash(lock_sha256)})`}`;
}
