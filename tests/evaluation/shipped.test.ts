import { expect, test } from "vitest";
import { shippedEvaluations } from "../../evaluation/index.ts";
import { createCliPlayground } from "../cli/cli-playground.ts";

/** Those that need tools of other stacks are tried in shipped-datasets.test.ts, which says what is missing. */
const withTools = ["adapters", "bug-fixes", "refactors", "guardrails"];
const names = Object.keys(shippedEvaluations()).filter((name) => !withTools.includes(name));

test.each(names)("the shipped evaluation %s passes by the built program", async (name) => {
  const { run } = createCliPlayground();
  const { exit, stdout, stderr } = await run("eval", "run", name, "--quiet");
  expect({ exit, said: exit === 0 ? "" : `${stdout}${stderr}` }).toEqual({ exit: 0, said: "" });
});

test("an evaluation that is interrupted says how to go on, and goes on", async () => {
  const { start, run } = createCliPlayground({
    "slow.eval.mjs": `export default {
  dataset: { schema_version: 1, id: "slow", samples: Array.from({ length: 4 }, (_, index) => ({ id: "s" + index, tags: [], fixture: { files: {} }, target: {} })) },
  solver: { id: "slow", fingerprint: 1, isDeterministic: true, solve: async ({ signal, sample }) => {
    if (sample.id !== "s0") { process.stderr.write("began\\n"); await new Promise((go) => { const timer = setTimeout(go, 1500); signal.addEventListener("abort", () => { clearTimeout(timer); go(); }); }); }
    return { note: "" };
  } },
  scorers: [{ id: "all", version: "1", kind: "verdict", score: async () => ({ value: 1, reason: "always" }) }],
};\n`,
  });
  const begun = start("eval", "run", "slow.eval.mjs", "--concurrency", "1");
  await begun.says("began");
  begun.child.kill("SIGTERM");
  const ended = await begun.ended;
  expect(ended.exit).toBe(143);
  expect(ended.stderr).toMatch(
    /1 tries are on record in \.runs\/\.evaluations\/slow-[0-9a-f]{12}-1; the same command goes on with it/,
  );
  const again = await run("eval", "run", "slow.eval.mjs", "--concurrency", "3", "--format", "json");
  expect(again.exit).toBe(0);
  expect(JSON.parse(again.stdout).evaluations[0].log).toMatch(/slow-[0-9a-f]{12}-1\/log\.json$/);
});
