import { generateKeyPairSync } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RunManifest } from "../../orchestrator/schema/run-manifest.ts";
import { git, temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createCliPlayground, goal, smallPackage } from "../cli/cli-playground.ts";

const timeout = 120_000;
const policy = "version: 1\nregistry: tasks/index.json\ncontrolled:\n  - paths: [src/**]\n";
const only = (folder: string): string => join(folder, readdirSync(folder).find((name) => name.endsWith(".md")) ?? "");

test("nothing is built on a controlled path that no spec covers", { timeout }, async () => {
  const { call } = createCliPlayground({ ...smallPackage, "spec-guard.yaml": policy });
  const made = await call(...goal, "--format", "json");
  expect(made.exit, made.stderr).not.toBe(0);
  const manifest = RunManifest.parse(JSON.parse(made.stdout));
  expect(manifest.status).not.toBe("passed");
  expect(manifest.steps.map(({ role }) => role)).not.toContain("builder");
  const refusals = manifest.gates.flatMap(({ verdict }) => (verdict.decision === "refuse" ? verdict.findings : []));
  expect(refusals).toContainEqual(expect.objectContaining({ rule: "spec/uncovered", path: "src/size.js" }));
});

test("a task goes from task new over its spec, its run and task done to a change that the guard lets through", {
  timeout,
}, async () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const keyFile = join(temporaryFolder("keys"), "runs.pem");
  writeFileSync(keyFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  const key = publicKey.export({ type: "spki", format: "der" }).toString("base64");
  const {
    repository,
    call,
    run: start,
  } = createCliPlayground(
    { ...smallPackage, "spec-guard.yaml": `${policy}checklists: {public_key: "${key}"}\n` },
    { ORCHESTRATOR_SIGNING_KEY_FILE: keyFile },
  );
  const commit = (message: string) => {
    git(repository, "add", "-A");
    git(repository, "commit", "-qm", message);
  };
  const check = () => call("task", "check", "--base", "HEAD~1", "--head", "HEAD", "--now", "2026-01-02");

  const spec = ["--spec", "--covers", "src/**", "--owner", "team"];
  expect(await call("task", "new", "Use the node: protocol", ...spec)).toMatchObject({ exit: 0 });
  const taskFile = only(join(repository, "tasks"));
  const specFile = only(join(repository, "tasks/specs"));
  writeFileSync(taskFile, readFileSync(taskFile, "utf8").replace("specs:", "recipe: [node-protocol]\nspecs:"));
  const refused = await call("run", "--task", "0001");
  expect(refused).toMatchObject({ exit: 1, stderr: expect.stringContaining("spec") });
  const who = ["--role", "engineering", "--who", "ana@example.com"];
  // The program itself has the machine's clock, before which nobody can approve.
  expect(await start("task", "approve", specFile, ...who)).toMatchObject({ exit: 0 });
  commit("task and spec");

  const run = await call("run", "--task", "0001");
  expect(run.exit, run.stderr).toBe(0);
  expect(await call("runs", "apply", "latest")).toMatchObject({ exit: 0 });
  expect(await call("task", "done", "0001", "--run", "latest")).toMatchObject({ exit: 0 });
  expect(readFileSync(join(repository, "tasks/index.json"), "utf8")).toContain('"status": "done"');
  commit("evidence");
  const clean = await call("task", "check", "--base", "HEAD~2", "--head", "HEAD", "--now", today());
  expect(clean.exit, clean.stdout).toBe(0);

  const evidence = join(repository, "tasks/evidence");
  const [signature = "", manifest = ""] = readdirSync(evidence).sort();
  expect(signature).toBe(manifest.replace(".json", ".dsse.json"));
  appendFileSync(join(evidence, manifest), "\n");
  commit("touch the evidence");
  expect((await check()).stdout).toContain("SG031");
});

/** The day on which the run is judged: that of the machine. */
function today(): string {
  return new Date().toISOString().slice(0, 10);
}
