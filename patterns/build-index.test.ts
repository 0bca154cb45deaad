import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildIndex } from "./build-index.ts";
import { indexedPatterns } from "./indexed-patterns.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const evidence = fileURLToPath(new URL("../tasks/evidence/", import.meta.url));

async function inTemporaryFolder(work: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = await mkdtemp(join(tmpdir(), "patterns-"));
  try {
    await work(temporary);
  } finally {
    await rm(temporary, { recursive: true });
  }
}

// `npx vitest run patterns/build-index.test.ts --update` writes both files anew.
test("index.json and source-hashes.ts are what the sources and the committed manifests say", async () => {
  const { index, hashes } = await buildIndex(folder, evidence);
  await expect(index).toMatchFileSnapshot("index.json");
  await expect(hashes).toMatchFileSnapshot("source-hashes.ts");
});

test("the index names every pattern with the hash of its source", async () => {
  const index: unknown = JSON.parse((await buildIndex(folder, evidence)).index);
  expect(index).toEqual({
    version: 1,
    assets: (await indexedPatterns(folder)).map(({ id, kind, version, entry }) => ({
      id,
      kind,
      version,
      entry,
      description: expect.stringMatching(/\.$/),
      usage: expect.stringMatching(/^codex-orchestrator /),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      adoption: { runs: expect.any(Number), passed: expect.any(Number) },
    })),
  });
});

test("adoption counts each committed run once for each pattern that it used, and how many passed", async () => {
  const use = (id: string, version = "1.0.0") => ({ id, version, sha256: "0".repeat(64), library: null });
  await inTemporaryFolder(async (temporary) => {
    const runs = [
      { status: "passed", patterns: [use("node-protocol"), use("node-protocol", "1.1.0")] },
      { status: "refused", patterns: [use("node-protocol"), use("acme/other")] },
      { status: "passed" },
    ];
    await mkdir(join(temporary, "evidence"));
    for (const [at, run] of runs.entries())
      await writeFile(join(temporary, "evidence", `${at}.json`), JSON.stringify(run));
    const { index } = await buildIndex(folder, join(temporary, "evidence"));
    const adopted = JSON.parse(index).assets.filter(
      ({ adoption }: { adoption: { runs: number } }) => adoption.runs > 0,
    );
    expect(adopted).toEqual([expect.objectContaining({ id: "node-protocol", adoption: { runs: 2, passed: 1 } })]);
    await writeFile(join(temporary, "evidence/3.json"), "{}");
    await expect(buildIndex(folder, join(temporary, "evidence"))).rejects.toThrow(/3\.json is no run manifest/);
  });
});

test("a pattern without a source is a fault that says where it should be", async () => {
  await inTemporaryFolder(async (temporary) => {
    await expect(buildIndex(temporary, temporary)).rejects.toThrow(
      /pattern assert-strict has no source at .*assert-strict\.ts/,
    );
  });
});
