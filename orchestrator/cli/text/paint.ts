import type { OutputSink } from "../cli-io.ts";

/** Colours text, or leaves it as it is. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/** The escape codes that begin and end each style. */
const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const satisfies Record<keyof Paint, readonly [number, number]>;

/** A paint that colours where `isOn`. */
export function createPaint(isOn: boolean): Paint {
  const style = ([begin, end]: readonly [number, number]) => {
    return (text: string) => (isOn && text !== "" ? `\u001b[${begin}m${text}\u001b[${end}m` : text);
  };
  return {
    bold: style(codes.bold),
    dim: style(codes.dim),
    red: style(codes.red),
    green: style(codes.green),
    yellow: style(codes.yellow),
    cyan: style(codes.cyan),
  };
}

/** True where colours are welcome: a terminal that is not dumb, and no `NO_COLOR`. */
export function wantsColour(sink: OutputSink, environment: Readonly<Record<string, string | undefined>>): boolean {
  return sink.isTerminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
}
