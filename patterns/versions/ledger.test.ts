import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { judgeLedger } from "./judge-ledger.ts";
import { parseVersions } from "./pattern-ledger.ts";
import { versionsNow } from "./recorded-versions.ts";

const folder = fileURLToPath(new URL("../", import.meta.url));

// `npx vitest run patterns/versions --update` adds new texts and new versions; it never changes what is recorded of a version.
test("every pattern does what the ledger records of its version", async () => {
  const { ledger, corpus, problems } = await versionsNow(folder);
  expect(problems).toEqual([]);
  await expect(corpus).toMatchFileSnapshot("corpus.json");
  await expect(ledger).toMatchFileSnapshot("ledger.json");
});

const names = ["ledger.json", "corpus.json"] as const;

/** The text of a file at a commit; null where there is no such file, no such commit or no repository. */
function textAt(commit: string, name: string): string | null {
  const shown = spawnSync("git", ["cat-file", "blob", `${commit}:./${name}`], {
    cwd: `${folder}versions`,
    encoding: "utf8",
    maxBuffer: 67_108_864,
  });
  return shown.status === 0 ? shown.stdout : null;
}

test("the record keeps all that the last commits recorded, and each version rose enough", () => {
  const [ledger, corpus] = names.map((name) => readFileSync(`${folder}versions/${name}`, "utf8"));
  const head = parseVersions(ledger ?? null, corpus ?? null);
  expect(Object.keys(head.ledger.patterns)).toContain("node-protocol");
  for (const commit of ["HEAD", "HEAD^1"]) {
    const [before = null, texts = null] = names.map((name) => textAt(commit, name));
    expect([commit, judgeLedger(head, before === null ? null : parseVersions(before, texts))]).toEqual([commit, []]);
  }
});
