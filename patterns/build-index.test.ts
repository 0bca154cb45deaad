import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildIndex } from "./build-index.ts";
import { shippedCrossFile } from "./cross-file/shipped-cross-file.ts";
import { shippedLintRules } from "./lint/shipped-lint-rules.ts";
import { shippedCodemods } from "./pattern-library.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

// `npx vitest run patterns/build-index.test.ts --update` writes the file anew.
test("index.json is what the sources say", async () => {
  await expect(await buildIndex(folder)).toMatchFileSnapshot("index.json");
});

test("the index names every pattern with the hash of its source", async () => {
  const index: unknown = JSON.parse(await buildIndex(folder));
  expect(index).toEqual({
    version: 1,
    assets: [...shippedCodemods(), ...shippedCrossFile(), ...shippedLintRules()].map(({ id, version }) => ({
      id,
      kind: id.startsWith("lint/") ? "linter-rule" : "codemod",
      version,
      entry: expect.stringMatching(new RegExp(`^(?:codemods|cross-file|lint/rules)/${id.replace("lint/", "")}\\.ts$`)),
      description: expect.stringMatching(/\.$/),
      usage: expect.stringMatching(new RegExp(`^codex-orchestrator .* ${id}$`)),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })),
  });
});

test("a pattern without a source is a fault that says where it should be", async () => {
  const empty = await mkdtemp(join(tmpdir(), "patterns-"));
  try {
    await expect(buildIndex(empty)).rejects.toThrow(/pattern assert-strict has no source at .*assert-strict\.ts/);
  } finally {
    await rm(empty, { recursive: true });
  }
});
