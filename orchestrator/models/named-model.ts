import type { Model } from "@openai/agents-core";
import type { ToolTape } from "./tool-tape.ts";

/** A model under its name, with what it costs. */
export interface NamedModel {
  readonly name: string;
  readonly model: Model;
  /** US dollars for one call, or null where the price is not known. Must not fall when tokens rise. */
  costOf(inputTokens: number, outputTokens: number): number | null;
  /** False for a model that asks no provider, so that no call must be reserved for. Any other must report what each call used. Default true. */
  readonly usesTokens?: boolean;
  /** What commands did in the run that is replayed; absent where nothing is. */
  readonly tape?: ToolTape;
}
