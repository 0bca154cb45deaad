import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { systemClock } from "../orchestrator/io/clock.ts";
import { createRedactor } from "../orchestrator/io/redact/redactor.ts";
import { createSandbox } from "../orchestrator/io/sandbox.ts";
import { createRuleScanner } from "../orchestrator/io/secret-scanner.ts";
import type { AdapterBench } from "../orchestrator/schema/adapter-bench.ts";
import type { Machine } from "./machine.ts";

/** This machine without the rules of the scanner, which take half a second to load. */
export function testMachine(adapters: () => Promise<AdapterBench> = noAdapters): Machine {
  const redactor = createRedactor({ scanner: createRuleScanner([]) });
  const environment = { PATH: process.env["PATH"] };
  return {
    clock: systemClock,
    redactor,
    environment,
    adapters,
    sandbox: () => createSandbox({ redactor, environment }),
  };
}

async function noAdapters(): Promise<AdapterBench> {
  throw new Error("this test gave no adapters");
}

/** An empty folder that is removed after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "eval-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
