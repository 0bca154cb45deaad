import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { codeVersion } from "./version.ts";

test("runs record the version that the package has", async () => {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  expect(JSON.parse(text)).toMatchObject({ version: codeVersion });
});
