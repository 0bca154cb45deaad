import { type ErrorCode, isOrchestratorError } from "../schema/errors.ts";
import type { RunStatus } from "../schema/run-manifest.ts";
import type { StopSignal } from "./cli-io.ts";

/** What the exit codes say; the contract of every command. */
export const exitCodes = {
  yes: 0,
  no: 1,
  unclear: 2,
  blocked: 3,
  fault: 4,
  SIGHUP: 129,
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** The exit code for each fault. */
export const faultExitCodes = {
  usage: exitCodes.unclear,
  config_invalid: exitCodes.unclear,
  document_invalid: exitCodes.unclear,
  repository_unusable: exitCodes.unclear,
  base_not_found: exitCodes.unclear,
  dependencies_unavailable: exitCodes.unclear,
  adapter_not_found: exitCodes.unclear,
  adapter_failed: exitCodes.unclear,
  pattern_not_found: exitCodes.unclear,
  library_refused: exitCodes.unclear,
  folder_held: exitCodes.no,
  change_unfinished: exitCodes.no,
  journal_not_found: exitCodes.unclear,
  journal_damaged: exitCodes.unclear,
  linter_unavailable: exitCodes.unclear,
  linter_failed: exitCodes.unclear,
  path_refused: exitCodes.unclear,
  command_refused: exitCodes.unclear,
  edit_refused: exitCodes.unclear,
  sandbox_unavailable: exitCodes.unclear,
  run_not_found: exitCodes.unclear,
  run_ambiguous: exitCodes.unclear,
  run_damaged: exitCodes.unclear,
  model_unknown: exitCodes.unclear,
  replay_missed: exitCodes.unclear,
  run_held: exitCodes.no,
  run_state_refused: exitCodes.no,
  budget_spent: exitCodes.blocked,
  workspace_lost: exitCodes.unclear,
  git_failed: exitCodes.fault,
  process_failed: exitCodes.fault,
  mcp_server_failed: exitCodes.fault,
  disk_failed: exitCodes.fault,
  lease_lost: exitCodes.fault,
  model_unreachable: exitCodes.fault,
  model_refused: exitCodes.fault,
  model_misbehaved: exitCodes.fault,
  step_drifted: exitCodes.fault,
  fixture_changed: exitCodes.unclear,
  aborted: exitCodes.fault,
} as const satisfies Record<ErrorCode, number>;

const statusExitCodes = {
  passed: exitCodes.yes,
  refused: exitCodes.no,
  cancelled: exitCodes.no,
  blocked: exitCodes.blocked,
  paused: exitCodes.blocked,
  faulted: exitCodes.fault,
  running: exitCodes.fault,
} as const satisfies Record<RunStatus, number>;

/** The exit code for anything thrown. After a stop signal every fault is that signal's; what is no known fault is a bug, and a fault. */
export function exitCodeOfFault(error: unknown, stoppedBy: StopSignal | null): number {
  if (stoppedBy !== null) return exitCodes[stoppedBy];
  return isOrchestratorError(error) ? faultExitCodes[error.code] : exitCodes.fault;
}

/** The exit code for a run that this process worked on and that now stands so. */
export function exitCodeOfStatus(status: RunStatus): number {
  return statusExitCodes[status];
}
