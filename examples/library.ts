/**
 * Runs one task on a repository and says what became of it. Arguments: the repository and the goal. The model `recipe` needs no key and no
 * network; where there is one, `openai:<model>` takes its place.
 */
import { createOrchestrator } from "codex-orchestrator";

const [repository = ".", goal = "Import Node's own modules with the node: prefix"] = process.argv.slice(2);
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());

const orchestrator = await createOrchestrator({ repository, model: "recipe" });
const run = await orchestrator.run({ goal }, { signal: stop.signal });

for await (const event of run.events) {
  console.log(`${event.seq} ${event.event}`);
}

const manifest = await run.finished();
console.log(`${manifest.status}: ${manifest.status_detail}`);
for (const { verdict } of manifest.gates) {
  console.log(`  ${verdict.gate}: ${verdict.decision}`);
}
for (const { path, insertions, deletions } of manifest.change?.paths ?? []) {
  console.log(`  ${path} +${insertions ?? "?"} -${deletions ?? "?"}`);
}
console.log(`Bring it in with: npx codex-orchestrator runs apply ${manifest.run_id} --repo ${repository}`);
process.exitCode = manifest.status === "passed" ? 0 : 1;
