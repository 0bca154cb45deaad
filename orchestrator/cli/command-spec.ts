import type { CliIo, StopSignal } from "./cli-io.ts";
import type { Printer } from "./printer.ts";

/** An argument without a name. */
export interface PositionalSpec {
  readonly name: string;
  readonly required: boolean;
  readonly help: string;
  /** True: it may be given more than once, before those that follow. */
  readonly repeats?: boolean;
}

interface FlagBase {
  /** Without the dashes. */
  readonly name: string;
  readonly help: string;
}

/** An argument with a name. `placeholder` stands for the value in the help; `fallback` is what holds where the flag is left out. `list` is parted at commas, `texts` is not. */
export type FlagSpec =
  | (FlagBase & { readonly kind: "switch"; readonly short?: string })
  | (FlagBase & {
      readonly kind: "text" | "texts" | "list" | "count";
      readonly placeholder: string;
      readonly fallback?: string;
    })
  | (FlagBase & { readonly kind: "choice"; readonly choices: readonly string[]; readonly fallback?: string });

/** Arguments that fit the command's table. Asking for a flag that the table does not have is a bug and throws a `TypeError`. */
export interface ParsedArguments {
  readonly positionals: readonly string[];
  isOn(name: string): boolean;
  /** The value of a flag or its fallback. */
  text(name: string): string | undefined;
  count(name: string): number | undefined;
  list(name: string): readonly string[];
}

/** What a command gets. */
export interface CommandContext {
  readonly io: CliIo;
  readonly args: ParsedArguments;
  readonly format: "text" | "json";
  readonly printer: Printer;
  /** Aborts at the first stop signal. */
  readonly signal: AbortSignal;
  /** The stop signal that came, or null. */
  stoppedBy(): StopSignal | null;
}

/** Runs one command and resolves with its exit code. Faults are thrown. */
export type CommandHandler = (context: CommandContext) => Promise<number>;

/** One verb: what it is called, what it takes, and where its work is. */
export interface CommandSpec {
  /** The program that it belongs to; default `codex-orchestrator`. */
  readonly program?: string;
  /** One word, or a group and a word: `run`, `runs list`. Empty for what a program does without a verb. */
  readonly name: string;
  readonly summary: string;
  readonly details?: readonly string[];
  readonly positionals: readonly PositionalSpec[];
  readonly flags: readonly FlagSpec[];
  readonly examples?: readonly string[];
  /** Loads the work, and with it all that is heavy. */
  load(): Promise<CommandHandler>;
}

/** The name of the program in help and hints. */
export const programName = "codex-orchestrator";

/** A command as it is typed: `codex-orchestrator runs list`. */
export function invocationOf({ program = programName, name }: Pick<CommandSpec, "program" | "name">): string {
  return name === "" ? program : `${program} ${name}`;
}
