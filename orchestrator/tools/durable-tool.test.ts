import { tool } from "@openai/agents-core";
import { expect, test } from "vitest";
import { createPatternLibrary } from "../../patterns/index.ts";
import { defaultPolicy } from "../gates/default-policy.ts";
import { Delegate } from "../schema/primitives.ts";
import { createSdkTool } from "./durable-tool.ts";
import { createMemoryWorkbenches } from "./memory-workbench.ts";
import { toolsOfRole } from "./tools-of-role.ts";

test("what a model is told of each tool is what the SDK's own strict preparation would tell it", async () => {
  const policy = defaultPolicy();
  const commit = "c".repeat(40);
  const repository = {
    root: "/memory",
    base_commit: commit,
    base_tree: commit,
    branch: null,
    uncommitted_changes: false,
  };
  const benches = createMemoryWorkbenches({ files: {}, goals: [] });
  const bench = await benches.open({
    runId: "r",
    repository,
    policy,
    tree: null,
    signal: new AbortController().signal,
  });
  for (const role of Delegate.options) {
    for (const agentTool of toolsOfRole(role, { bench, patterns: createPatternLibrary(), policy, planPaths: [] })) {
      const ours = createSdkTool(agentTool, async () => "");
      const { name, description } = agentTool;
      const parameters = structuredClone(ours.parameters);
      if (parameters.additionalProperties) throw new TypeError(`${name} takes more than it names`);
      const prepared = tool({ name, description, parameters, strict: true, execute: async () => "" });
      expect(ours).toMatchObject({ name: prepared.name, description: prepared.description, strict: prepared.strict });
      expect(ours.parameters).toEqual(prepared.parameters);
    }
  }
});
