import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createTraceFile } from "./trace-file.ts";

const folder = mkdtempSync(join(tmpdir(), "trace-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the lines are in the file, for its owner only, when the trace is closed", () => {
  const path = join(folder, "closed.jsonl");
  const trace = createTraceFile(path);
  trace.write("a\n");
  trace.write("b\n");
  trace.close();
  expect(readFileSync(path, "utf8")).toBe("a\nb\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("much text does not wait for the end", () => {
  const path = join(folder, "long.jsonl");
  const trace = createTraceFile(path);
  for (let line = 0; line < 100; line += 1) trace.write(`${"x".repeat(999)}\n`);
  expect(statSync(path).size).toBeGreaterThan(65_000);
  trace.close();
  expect(statSync(path).size).toBe(100_000);
});

test("a trace that cannot be written is dropped", () => {
  const trace = createTraceFile(join(folder, "none", "trace.jsonl"));
  trace.write("a\n");
  expect(() => trace.close()).not.toThrow();
});
