import type { Enforcement } from "./run-event.ts";
import type { CommandStatus } from "./test-report.ts";

/** A program to run. There is no shell: `argv[0]` is looked up in the PATH of `env`. */
export interface CommandRequest {
  readonly argv: readonly [string, ...string[]];
  readonly cwd: string;
  /** The whole environment, nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Bytes of redacted output (stdout and stderr, in the order they came) that are kept in `outputFile`. */
  readonly outputBytesMax: number;
  /** Where the redacted, capped output goes; created with mode 0600. Absent: only the tail is kept. */
  readonly outputFile?: string;
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** A random mark. What carries it in its environment is ended with the program, in whatever process group it is. */
  readonly lineage?: string;
  /**
   * Called when the process exists and before the program runs in it. The program waits until this resolves, does not run where it
   * rejects or this process dies before, and then `run` rejects as well.
   */
  readonly onStarted?: (pid: number) => Promise<void>;
}

/** What a command of an agent is run under: how it is stopped, and the mark by which all that it starts is found. */
export type CommandCall = Required<Pick<CommandRequest, "signal" | "lineage">>;

/** How a program ended. Never rejects for what the program did. */
export interface CommandOutcome {
  readonly status: CommandStatus;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly durationMs: number;
  /** The redacted beginning (up to 2 KiB) and end (up to 14 KiB) of the output, as one text that says what was left out. */
  readonly outputTail: string;
  readonly outputBytes: number;
  readonly outputTruncated: boolean;
  /** One sentence where `status` is not `exited`. */
  readonly detail: string;
}

/** Bounds for foreign code. */
export interface SandboxRequest {
  /** Folders that may be written, besides a private /tmp. */
  readonly writable: readonly string[];
  /** Folders that are shown and must not be written, in a writable one or elsewhere. */
  readonly readOnly: readonly string[];
  /** Folders of which nothing is shown but what the other bounds name: the user's repository. */
  readonly hidden?: readonly string[];
  readonly network: boolean;
}

/** Runs foreign code in its own process group with limits, and inside bubblewrap where it works. */
export interface Sandbox {
  /** What this sandbox enforces for a request with `network` as given. */
  enforcement(network: boolean): Enforcement;
  run(command: CommandRequest, bounds: SandboxRequest): Promise<CommandOutcome>;
}

/** Replaces secrets by `[redacted:<name>]`. Redacting twice is the same as once. */
export interface Redactor {
  /** Every later text is searched for this value, plain and in its base64, URL and JSON-escaped forms. Values under 6 characters are ignored. */
  register(name: string, value: string): void;
  text(value: string): Promise<string>;
  /** A copy with every string (keys as well) redacted; the same object where nothing was found. */
  json<T>(value: T): Promise<T>;
  /** For a stream: give chunks as they come, get text that is safe to write; a secret across a seam is found. */
  stream(): RedactingStream;
}

export interface RedactingStream {
  push(chunk: Uint8Array): Promise<string>;
  end(): Promise<string>;
}

/** Finds credentials in text by a maintained rule set. Columns and the secret itself are never returned. */
export interface SecretScanner {
  scan(text: string): Promise<readonly SecretMatch[]>;
}

export interface SecretMatch {
  /** The id of the rule that matched. */
  readonly rule: string;
  /** 1-based. */
  readonly line: number;
  /** Offsets in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}
