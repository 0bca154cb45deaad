import { styleText } from "node:util";
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

/** A paint that colours where `isOn`. */
export function createPaint(isOn: boolean): Paint {
  const style = (format: keyof Paint) => (text: string) => (isOn && text !== "" ? styleText(format, text) : text);
  return {
    bold: style("bold"),
    dim: style("dim"),
    red: style("red"),
    green: style("green"),
    yellow: style("yellow"),
    cyan: style("cyan"),
  };
}

/** True where colours are welcome: a terminal that is not dumb, and no `NO_COLOR`. */
export function wantsColour(sink: OutputSink, environment: Readonly<Record<string, string | undefined>>): boolean {
  return sink.isTerminal && !environment["NO_COLOR"] && environment["TERM"] !== "dumb";
}
