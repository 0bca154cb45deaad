import type { Price, Settings } from "../schema/config.ts";
import { OrchestratorError } from "../schema/errors.ts";
import type { Role } from "../schema/primitives.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { NamedModel } from "./named-model.ts";
import { createOpenAiModel } from "./openai-model.ts";
import { createRecipeModel } from "./recipe/recipe-model.ts";
import { cassetteOf, createReplayModel } from "./replay-model.ts";
import { tapeOf } from "./tool-tape.ts";

/** What models are made from. */
export interface ModelSourceOptions {
  readonly settings: Pick<Settings, "model" | "base_url" | "prices">;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The events of a run that is named by id, prefix or `latest`. */
  readonly readRun: (run: string) => Promise<readonly KnownEvent[]>;
}

/** Gives each role its model. */
export type ModelOfRole = (role: Role) => Promise<NamedModel>;

/**
 * The models that a setting names: `recipe`, `openai:<model>` or `replay:<run>`. Throws `model_unknown` for any other, and `usage` where a
 * key is missing.
 */
export function createModelSource(options: ModelSourceOptions): ModelOfRole {
  const { model: name } = options.settings;
  if (name === "recipe") {
    return async (role) => ({ name, model: createRecipeModel(role), costOf: () => 0, usesTokens: false });
  }
  if (name.startsWith("openai:")) return openAiSource(options, name.slice("openai:".length));
  if (name.startsWith("replay:")) return replaySource(options, name.slice("replay:".length));
  throw new OrchestratorError(
    "model_unknown",
    `there is no model '${name}'; use recipe, openai:<model> or replay:<run>`,
  );
}

function openAiSource({ settings, environment }: ModelSourceOptions, model: string): ModelOfRole {
  const apiKey = environment["OPENAI_API_KEY"] ?? "";
  if (model === "") throw new OrchestratorError("model_unknown", "name the model: openai:<model>");
  if (apiKey === "")
    throw new OrchestratorError("usage", `openai:${model} needs a key in the environment variable OPENAI_API_KEY`);
  const name = `openai:${model}`;
  const price = settings.prices[name] ?? settings.prices[model];
  let made: Promise<NamedModel["model"]> | null = null;
  return async () => {
    made ??= createOpenAiModel({ model, baseUrl: settings.base_url, apiKey });
    return { name, model: await made, costOf: (input, output) => costOf(price, input, output) };
  };
}

function costOf(price: Price | undefined, inputTokens: number, outputTokens: number): number | null {
  if (price === undefined) return null;
  return (inputTokens * price.input_usd + outputTokens * price.output_usd) / 1_000_000;
}

function replaySource({ readRun }: ModelSourceOptions, run: string): ModelOfRole {
  if (run === "") throw new OrchestratorError("model_unknown", "name the run: replay:<run>");
  const read = async () => {
    const events = await readRun(run);
    return { cassette: cassetteOf(events), tape: tapeOf(events[0]?.run_id ?? run, events) };
  };
  let recorded: ReturnType<typeof read> | null = null;
  const models = new Map<Role, NamedModel>();
  return async (role) => {
    recorded ??= read();
    const { cassette, tape } = await recorded;
    const fresh = {
      name: `replay:${run}`,
      model: createReplayModel(cassette, role),
      costOf: () => 0,
      usesTokens: false,
      tape,
    };
    const model = models.get(role) ?? fresh;
    models.set(role, model);
    return model;
  };
}
