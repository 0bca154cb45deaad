/** Every fault that the library throws, with whether trying again can help. Each has a heading in `docs/errors.md`. */
export const errorCodes = {
  usage: { retryable: false },
  config_invalid: { retryable: false },
  document_invalid: { retryable: false },
  repository_unusable: { retryable: false },
  git_failed: { retryable: false },
  workspace_lost: { retryable: false },
  base_not_found: { retryable: false },
  dependencies_unavailable: { retryable: false },
  adapter_not_found: { retryable: false },
  adapter_failed: { retryable: false },
  pattern_not_found: { retryable: false },
  library_refused: { retryable: false },
  folder_held: { retryable: true },
  change_unfinished: { retryable: false },
  journal_not_found: { retryable: false },
  journal_damaged: { retryable: false },
  linter_unavailable: { retryable: false },
  linter_failed: { retryable: false },
  path_refused: { retryable: false },
  command_refused: { retryable: false },
  edit_refused: { retryable: false },
  process_failed: { retryable: true },
  mcp_server_failed: { retryable: true },
  sandbox_unavailable: { retryable: false },
  disk_failed: { retryable: true },
  run_not_found: { retryable: false },
  run_ambiguous: { retryable: false },
  run_damaged: { retryable: false },
  run_held: { retryable: true },
  run_state_refused: { retryable: false },
  lease_lost: { retryable: false },
  model_unknown: { retryable: false },
  model_unreachable: { retryable: true },
  model_refused: { retryable: false },
  model_misbehaved: { retryable: false },
  replay_missed: { retryable: false },
  budget_spent: { retryable: false },
  step_drifted: { retryable: false },
  fixture_changed: { retryable: false },
  aborted: { retryable: true },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** A fault: the message says what happened, to what, and what to do. An expected answer (a refusal, a failed test) is never thrown. */
export class OrchestratorError extends Error {
  override readonly name = "OrchestratorError";
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.retryable = errorCodes[code].retryable;
  }
}

/** True for an `OrchestratorError`, of the given code where one is named; also for that of another copy of this package in the process. */
export function isOrchestratorError(error: unknown, code?: ErrorCode): error is OrchestratorError {
  return isFault(error) && (code === undefined || error.code === code);
}

/** The program and the library are two copies: what a team's file imports from the library throws faults of that one. */
function isFault(error: unknown): error is OrchestratorError {
  if (error instanceof OrchestratorError) return true;
  if (!(error instanceof Error) || error.name !== "OrchestratorError") return false;
  return "code" in error && typeof error.code === "string" && Object.hasOwn(errorCodes, error.code);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
