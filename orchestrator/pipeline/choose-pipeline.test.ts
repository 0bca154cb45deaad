import { expect, test } from "vitest";
import { PipelineSettings } from "../schema/pipeline.ts";
import { choosePipeline } from "./choose-pipeline.ts";

const none = { pipelines: {} };

test("without a name the pipeline is diagnostics: build and lint where there are any, test and guard as guardrails", () => {
  const { name, commands } = choosePipeline({}, none);
  expect([name, commands.map((command) => [command.name, command.required])]).toEqual([
    "diagnostics",
    [
      ["build", false],
      ["lint", false],
      ["test", true],
      ["spec-guard", true],
    ],
  ]);
});

test("the guard of diagnostics is told what to compare", () => {
  const guardArguments = ["--worktree", "--base", "HEAD"];
  expect(choosePipeline({ guardArguments }, none).commands.at(-1)?.argv).toEqual(["spec-guard", ...guardArguments]);
});

test("a pipeline of the settings is taken by its name, also in place of diagnostics", () => {
  const own = PipelineSettings.parse({ commands: [{ name: "a", argv: ["true"] }] });
  expect(choosePipeline({ name: "own", keepGoing: true }, { pipelines: { own } })).toEqual({
    name: "own",
    ...own,
    keep_going: true,
  });
  expect(choosePipeline({}, { pipelines: { diagnostics: own } }).commands).toEqual(own.commands);
});

test("command lines take the place of the queue, each under a name of its own", () => {
  const { commands } = choosePipeline({ commands: ["npm test", "npm test", "./a --b=c"] }, none);
  expect(commands.map(({ name }) => name)).toEqual(["npm-test", "npm-test-2", "a-b-c"]);
});

test("a pipeline that there is not is refused, naming those there are", () => {
  expect(() => choosePipeline({ name: "constructor" }, none)).toThrow(/there are diagnostics;/);
});
