import type { Policy } from "../schema/policy.ts";
import type { Delegate } from "../schema/primitives.ts";
import type { AgentTool } from "./agent-tool.ts";
import { checkTools } from "./check-tools.ts";
import { commandTools } from "./command-tools.ts";
import { editTools } from "./edit-tools.ts";
import { patternTools } from "./pattern-tools.ts";
import { readTools } from "./read-tools.ts";
import type { ToolEnvironment } from "./tool-environment.ts";

const namesOfRole: Readonly<Record<Delegate, readonly string[]>> = {
  planner: ["list_files", "read_file", "search_text", "git_log", "match_patterns"],
  builder: [
    "list_files",
    "read_file",
    "search_text",
    "git_diff",
    "git_log",
    "edit_file",
    "write_file",
    "apply_diff",
    "delete_file",
    "apply_pattern",
    "run_command",
  ],
  tester: ["list_files", "read_file", "search_text", "git_diff", "run_check"],
  reviewer: ["list_files", "read_file", "search_text", "git_diff", "git_log", "check_pattern"],
};

/** The tools of one role that the policy allows. Planner, tester and reviewer have none that edits. */
export function toolsOfRole(role: Delegate, environment: ToolEnvironment): readonly AgentTool[] {
  const all = [
    ...readTools(environment),
    ...editTools(environment),
    ...patternTools(environment),
    ...commandTools(environment),
    ...checkTools(environment),
  ];
  return all.filter(({ name }) => namesOfRole[role].includes(name) && isAllowed(environment.policy, name));
}

function isAllowed({ tools }: Policy, name: string): boolean {
  return tools === null || tools.includes(name);
}
