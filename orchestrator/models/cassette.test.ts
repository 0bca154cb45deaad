import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { type ModelRequest, Usage } from "@openai/agents-core";
import { expect, test } from "vitest";
import { createRedactor } from "../io/redact/redactor.ts";
import { createRuleScanner } from "../io/secret-scanner.ts";
import { temporaryFolder } from "../workspace/fixtures/temporary-repository.ts";
import { openCassette } from "./cassette.ts";
import type { ModelOfRole } from "./model-source.ts";

const redactor = createRedactor({ scanner: createRuleScanner([]) });

/** A model that says how often it was asked, at two dollars for a million tokens of output. */
function countingModels(): { readonly models: ModelOfRole; readonly asked: () => number } {
  let count = 0;
  const getResponse = async () => {
    count += 1;
    const content = [{ type: "output_text" as const, text: `answer ${count}` }];
    return {
      usage: new Usage({ requests: 1, inputTokens: 5, outputTokens: 7 }),
      output: [{ type: "message" as const, role: "assistant" as const, status: "completed" as const, content }],
    };
  };
  const getStreamedResponse = () => {
    throw new Error("this model does not stream");
  };
  return {
    models: async () => ({
      name: "counting",
      model: { getResponse, getStreamedResponse },
      costOf: (_, output) => output * 2e-6,
    }),
    asked: () => count,
  };
}

function requestOf(...messages: readonly string[]): ModelRequest {
  return {
    systemInstructions: "Plan.",
    input: messages.map((content) => ({ role: "user", content })),
    ...{ modelSettings: {}, tools: [], handoffs: [], outputType: "text", tracing: false },
  };
}

async function record(folder: string, ...requests: readonly ModelRequest[]): Promise<number> {
  const { models, asked } = countingModels();
  const { model } = await (await openCassette({ folder, models, redactor })).ofRole("planner");
  for (const request of requests) await model.getResponse(request);
  return asked();
}

test("a cassette gives the same answers to the same requests in their order, with what they used and cost", async () => {
  const folder = temporaryFolder();
  expect(await record(folder, requestOf("a"), requestOf("a"), requestOf("b"))).toBe(3);
  const played = await (await openCassette({ folder, redactor })).ofRole("planner");
  const texts: string[] = [];
  for (const text of ["b", "a", "a", "a"]) {
    const { output, usage } = await played.model.getResponse(requestOf(text));
    texts.push(/answer \d/.exec(JSON.stringify(output))?.[0] ?? "");
    expect([usage.inputTokens, usage.outputTokens]).toEqual([5, 7]);
  }
  expect(texts).toEqual(["answer 3", "answer 1", "answer 2", "answer 2"]);
  expect([played.name, played.costOf(100, 1_000_000)]).toEqual(["counting", 2]);
});

test("a request that was not recorded is missed, and the first part that differs is told", async () => {
  const folder = temporaryFolder();
  await record(folder, requestOf("the same", "say yes"));
  const { ofRole } = await openCassette({ folder, redactor });
  const { model } = await ofRole("planner");
  const miss = (request: ModelRequest) => expect(model.getResponse(request)).rejects;
  await miss(requestOf("the same", "say no")).toMatchObject({
    code: "replay_missed",
    message: expect.stringMatching(/of the planner .*: message 2 differs; recorded: ".*say yes.*", asked: ".*say no/),
  });
  await miss({ ...requestOf("the same", "say yes"), systemInstructions: "Build." }).toThrow(/the instructions differs/);
  await miss(requestOf("the same")).toThrow(/message 2 differs; recorded: ".*say yes.*", asked: nothing/);
  const other = await ofRole("builder");
  await expect(other.model.getResponse(requestOf("the same"))).rejects.toThrow(/it holds none of the builder/);
});

test("what is not there, or damaged, is refused; a last line that a crash cut off is left out; recording begins anew", async () => {
  const folder = temporaryFolder();
  await expect(openCassette({ folder, redactor })).rejects.toMatchObject({ code: "document_invalid" });
  await record(folder, requestOf("a"));
  const file = join(folder, "cassette.jsonl");
  appendFileSync(file, '{"kind":"answ');
  const played = await (await openCassette({ folder, redactor })).ofRole("planner");
  await expect(played.model.getResponse(requestOf("a"))).resolves.toBeDefined();
  appendFileSync(file, "\n");
  await expect(openCassette({ folder, redactor })).rejects.toThrow(/cassette\.jsonl:8 is no line of a cassette/);
  await record(folder, requestOf("b"));
  const again = await (await openCassette({ folder, redactor })).ofRole("planner");
  await expect(again.model.getResponse(requestOf("a"))).rejects.toMatchObject({ code: "replay_missed" });
});
