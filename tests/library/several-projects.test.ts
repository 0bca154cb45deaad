import { expect, test } from "vitest";
import { createPlayground } from "../support/playground.ts";
import { recipeGoal } from "../support/recipe-task.ts";
import { samplePackage } from "../support/sample-package.ts";

const place = (folder: string, files: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));

const files = {
  ...samplePackage,
  ...place("services/api", samplePackage),
  ...place("tools/cli", samplePackage),
  "orchestrator.config.yaml": 'version: 1\nprojects: [".", "services/*"]\n',
};

test("the tests of every project that counts are run, compared with its own base, and on record", async () => {
  const playground = createPlayground(files);
  const orchestrator = await playground.orchestrator();
  const run = await orchestrator.run({ ...recipeGoal, scope: { include: ["**/src/**"], exclude: [] } });
  const manifest = await run.finished();
  expect(manifest.status_detail).toBe("every gate passed");
  expect(manifest.change?.paths.map(({ path }) => path)).toContain("services/api/src/paths.js");
  const roots = [".", "services/api"];
  expect(manifest.workspace?.projects).toMatchObject(
    roots.map((root) => ({ root, adapter: "javascript", goals: ["test"], dependencies: { method: "none_needed" } })),
  );
  expect(manifest.tests).toMatchObject({
    checks: roots.map((root) => ({ verdict: "passed", counts: { passed: 3 }, ...(root === "." ? {} : { root }) })),
    comparison: { counts: { pass_to_pass: 6 }, projects: roots.map(() => ({ counts: { pass_to_pass: 3 } })) },
  });
  expect(await playground.problems(run.key)).toEqual([]);
});
