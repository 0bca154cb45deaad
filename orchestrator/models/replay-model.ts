import { type Model, Usage as SdkUsage } from "@openai/agents-core";
import { OrchestratorError } from "../schema/errors.ts";
import type { EventPayload, KnownEvent } from "../schema/run-event.ts";
import { answerOutput } from "./answer-output.ts";
import { createRequestHash } from "./request-hash.ts";

/** The model answers of an earlier run, to be given again to the same requests. */
export type Cassette = ReadonlyMap<string, readonly EventPayload<"model_answered">[]>;

/** The answers of a run by agent and request, in the order they were given. */
export function cassetteOf(events: Iterable<KnownEvent>): Cassette {
  const answers = new Map<string, EventPayload<"model_answered">[]>();
  for (const event of events) {
    if (event.event !== "model_answered") continue;
    const key = `${event.payload.agent} ${event.payload.request_sha256}`;
    answers.set(key, [...(answers.get(key) ?? []), event.payload]);
  }
  return answers;
}

/** A model of one role that answers from a cassette and never asks anyone. Throws `replay_missed` for a request that was not recorded. */
export function createReplayModel(cassette: Cassette, role: string): Model {
  const given = new Map<string, number>();
  const hashRequest = createRequestHash();
  return {
    getResponse: async (request) => {
      const key = `${role} ${hashRequest(request)}`;
      const recorded = cassette.get(key) ?? [];
      const count = given.get(key) ?? 0;
      given.set(key, count + 1);
      const payload = recorded[Math.min(count, recorded.length - 1)];
      if (payload === undefined) {
        throw new OrchestratorError(
          "replay_missed",
          `the recorded run has no answer of the ${role} to this request; the task, the code or a prompt changed since`,
        );
      }
      return {
        usage: new SdkUsage({
          requests: 1,
          inputTokens: payload.usage.input_tokens,
          outputTokens: payload.usage.output_tokens,
        }),
        output: answerOutput(payload.answer.output),
      };
    },
    getStreamedResponse: () => {
      throw new OrchestratorError("model_misbehaved", "a recorded model does not stream");
    },
  };
}
