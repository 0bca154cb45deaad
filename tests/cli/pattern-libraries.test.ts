import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fingerprint, git } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { sampleLibrary } from "../../patterns/libraries/sample-library.test-support.ts";
import { createCliPlayground, smallPackage } from "./cli-playground.ts";

const library = Object.fromEntries(Object.entries(sampleLibrary).map(([path, text]) => [`tools/own/${path}`, text]));
const files = { ...smallPackage, ...library, "src/main.js": "const old = 1;\nexports.one = old;\n" };

/** A repository whose last commit pins its library. */
async function createPinned() {
  const playground = createCliPlayground(files);
  const { repository, call } = playground;
  const pin = await call("patterns", "pin", "./tools/own");
  expect(pin).toMatchObject({ exit: 0, stderr: expect.stringContaining("pins no library of this name") });
  writeFileSync(join(repository, "orchestrator.config.yaml"), `version: 1\n${pin.stdout}`);
  const commit = () => {
    git(repository, "add", "-A");
    git(repository, "commit", "-q", "-m", "pin");
  };
  return { ...playground, commit, sha256: /sha256: (\w{64})/.exec(pin.stdout)?.[1] ?? "" };
}

test("a pinned library is listed, shown, tested, applied and undone; one that is only written down is not there", async () => {
  const { repository, call, commit, sha256 } = await createPinned();
  const apply = (...more: string[]) => call("patterns", "apply", "own/rename-old", "src", "--format", "json", ...more);
  expect(await apply()).toMatchObject({ exit: 2, stderr: expect.stringContaining("pins no library own") });
  commit();
  const listed = JSON.parse((await call("patterns", "list", "--format", "json")).stdout);
  expect(listed.libraries).toEqual([{ name: "own", from: "./tools/own", sha256, problem: null }]);
  const own = listed.patterns.filter(({ id }: { id: string }) => id.startsWith("own/"));
  expect(own).toMatchObject([{ id: "own/rename-old", version: "1.2.0", adoption: { runs: 0 } }]);
  expect((await call("patterns", "show", "own/rename-old")).stdout).toMatch(/-old\(\);\n\+fresh\(\);/);
  const tested = await call("patterns", "test", "own/rename-old", "--format", "json");
  expect(JSON.parse(tested.stdout)).toMatchObject({ passed: true, fixtures: [{ pattern: "own/rename-old" }, {}] });

  const before = fingerprint(repository, (path) => [".git", ".patterns"].includes(path));
  const report = JSON.parse((await apply()).stdout);
  expect(report).toMatchObject({
    outcome: "applied",
    patterns: [{ id: "own/rename-old", version: "1.2.0", sha256, library: "own" }],
  });
  expect(readFileSync(join(repository, "src/main.js"), "utf8")).toBe("const fresh = 1;\nexports.one = fresh;\n");
  expect((await call("patterns", "undo", "latest")).exit).toBe(0);
  expect(fingerprint(repository, (path) => [".git", ".patterns"].includes(path))).toEqual(before);

  appendFileSync(join(repository, "tools/own/index.mjs"), "// more\n");
  const changed = await apply();
  expect(changed.exit).toBe(2);
  for (const words of [sha256, "patterns pin own"]) expect(changed.stderr).toContain(words);
  const list = await call("patterns", "list");
  expect(list).toMatchObject({ exit: 1, stdout: expect.stringContaining("node-protocol") });
  expect(list.stderr).toContain(sha256);
  const now = JSON.parse((await call("patterns", "pin", "own", "--format", "json")).stdout);
  expect(now).toMatchObject({ name: "own", from: "./tools/own", pinned_sha256: sha256 });
  expect(changed.stderr).toContain(now.sha256);
});

test("a run records the libraries that it was given, and is not gone on with over another one", async () => {
  const { repository, call, commit, sha256 } = await createPinned();
  commit();
  const entry = join(repository, "tools/own/index.mjs");
  const code = readFileSync(entry, "utf8");
  const run = () => call("run", "put fresh over old", "--scope", "src/**", "--approve", "plan", "--format", "json");
  writeFileSync(entry, `${code}// more\n`);
  expect(await run()).toMatchObject({ exit: 2, stderr: expect.stringContaining(sha256) });
  expect(readdirSync(repository)).not.toContain(".runs");
  writeFileSync(entry, code);
  const blocked = await run();
  expect([blocked.exit, JSON.parse(blocked.stdout).plan_summary]).toEqual([3, "Apply own/rename-old."]);
  writeFileSync(entry, `${code}// more\n`);
  expect(await call("resume", "latest")).toMatchObject({ exit: 2, stderr: expect.stringContaining(sha256) });
  const { task_id, run_id } = JSON.parse(blocked.stdout);
  const log = readFileSync(join(repository, ".runs", task_id, run_id, "events.jsonl"), "utf8");
  expect(JSON.parse(log.split("\n")[0] ?? "").payload.pattern_libraries).toEqual([
    { name: "own", from: "./tools/own", sha256 },
  ]);
  const cancelled = JSON.parse((await call("cancel", "latest", "--format", "json")).stdout);
  expect(cancelled.status).toBe("cancelled");
});
