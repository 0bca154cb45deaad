import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { versionsNow } from "./recorded-versions.ts";

const folder = fileURLToPath(new URL("../", import.meta.url));

// `npx vitest run patterns/versions --update` adds new texts and new versions; it never changes what is recorded of a version.
test("every pattern does what the ledger records of its version", async () => {
  const { ledger, corpus, problems } = await versionsNow(folder);
  expect(problems).toEqual([]);
  await expect(corpus).toMatchFileSnapshot("corpus.json");
  await expect(ledger).toMatchFileSnapshot("ledger.json");
});
