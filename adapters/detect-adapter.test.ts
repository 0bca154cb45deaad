import { expect, test } from "vitest";
import type { LanguageAdapter } from "../orchestrator/schema/adapter-port.ts";
import { readerOf } from "./adapter.contract.ts";
import { createAdapters } from "./create-adapters.ts";
import { detectAdapter } from "./detect-adapter.ts";
import { createJavaScriptAdapter } from "./javascript/javascript-adapter.ts";

function adapter(id: string, confidence: number | null): LanguageAdapter {
  const detection = confidence === null ? null : { adapter: id, confidence, evidence: ["told"], roots: ["."] };
  return { ...createJavaScriptAdapter(), id, detect: async () => detection };
}

test("the most confident adapter is chosen, and the earlier one among equals", async () => {
  const adapters = [adapter("none", null), adapter("a", 0.5), adapter("b", 0.9), adapter("c", 0.9)];
  expect((await detectAdapter(adapters, readerOf({})))?.adapter.id).toBe("b");
  expect((await detectAdapter(adapters.toReversed(), readerOf({})))?.adapter.id).toBe("c");
});

test("nothing fits a repository without a known stack", async () => {
  expect(await detectAdapter(createAdapters(), readerOf({ "main.cob": "" }))).toBeNull();
});

test("the library's own adapters know a JavaScript package", async () => {
  const found = await detectAdapter(
    createAdapters(),
    readerOf({ "package.json": "{}", "yarn.lock": "", "tsconfig.json": "{}" }),
  );
  expect(found?.detection).toEqual({
    adapter: "javascript",
    confidence: 0.95,
    evidence: ["package.json: JavaScript", "yarn.lock: yarn", "tsconfig.json: TypeScript"],
    roots: ["."],
  });
});
