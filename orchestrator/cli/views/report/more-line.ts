import { countOf } from "../../text/quantities.ts";

/** A line for what is left out of a list, where something is. */
export function moreLine(count: number, noun: string, indent: number): readonly string[] {
  return count > 0 ? [`${" ".repeat(indent)}and ${countOf(count, `more ${noun}`)}`] : [];
}
