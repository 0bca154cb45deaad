import { expect, test } from "vitest";
import { createPlayground } from "../support/playground.ts";
import { recipeGoal } from "../support/recipe-task.ts";
import { samplePackage } from "../support/sample-package.ts";

test("a repository whose only project lies in a folder is built and tested there", async () => {
  const files = Object.entries(samplePackage).map(([path, text]) => [`web/${path}`, text]);
  const playground = createPlayground({ "README.md": "# all\n", ...Object.fromEntries(files) });
  const run = await (await playground.orchestrator()).run({
    ...recipeGoal,
    scope: { include: ["web/src/**"], exclude: [] },
  });
  const manifest = await run.finished();
  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest.change?.paths.map(({ path }) => path)).toEqual(["web/src/paths.js"]);
  expect(manifest.tests).toMatchObject({
    checks: [{ goal: "test", verdict: "passed", counts: { passed: 3 } }],
    comparison: { counts: { pass_to_pass: 3 }, base: [{ exit_code: 0 }] },
  });
});
