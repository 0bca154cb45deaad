import { expect, test } from "vitest";
import { createPlayground } from "../support/playground.ts";

test("x", async () => {
  const playground = createPlayground();
  const before = playground.fingerprint();
  const t0 = performance.now();
  const orchestrator = await playground.orchestrator();
  console.log("created", performance.now() - t0);
  const run = await orchestrator.run({ goal: "use the node: protocol" });
  for await (const event of run.events)
    console.log(Math.round(performance.now() - t0), event.event, JSON.stringify(event.payload).slice(0, 200));
  const manifest = await run.finished();
  console.log(manifest.status, manifest.status_detail, manifest.workspace);
  console.log(await playground.problems(run.key));
  expect(playground.fingerprint()).toEqual(before);
});
