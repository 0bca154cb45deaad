import type { Clock } from "./clock.ts";

/** How much is said, least first. `silent` says nothing. */
export const logLevels = ["silent", "error", "warn", "info", "debug"] as const;
export type LogLevel = (typeof logLevels)[number];

/** Says one line per call. Fields must hold no secret: nothing is redacted here. */
export interface Logger {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface LoggerOptions {
  /** Where the lines go, such as `process.stderr`; never stdout, which belongs to the answer. */
  readonly stream: { write(text: string): unknown };
  readonly level: LogLevel;
  /** Default `text`. */
  readonly format?: "text" | "json";
  readonly clock: Clock;
}

/** A logger that writes what is at least as urgent as `level`. */
export function createLogger({ stream, level, format = "text", clock }: LoggerOptions): Logger {
  const at =
    (own: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(own) > logLevels.indexOf(level)) return;
      const line = format === "json" ? jsonLine(clock, own, message, fields) : textLine(own, message, fields);
      stream.write(`${line}\n`);
    };
  return { error: at("error"), warn: at("warn"), info: at("info"), debug: at("debug") };
}

function jsonLine(clock: Clock, level: LogLevel, message: string, fields: LogFields): string {
  return JSON.stringify({ ...fields, at: clock.now().toISOString(), level, message });
}

function textLine(level: LogLevel, message: string, fields: LogFields): string {
  const said = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  return `${level}: ${message.replace(/\s*[\r\n]+\s*/g, " ")}${said.join("")}`;
}
