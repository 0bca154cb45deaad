import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isOrchestratorError } from "../../orchestrator/schema/errors.ts";
import { describeAdapter, outcomeOf, readerOf } from "../adapter.contract.ts";
import { createJavaScriptAdapter } from "./javascript-adapter.ts";

const lock = { "package-lock.json": "{}" };

describeAdapter("the JavaScript adapter", createJavaScriptAdapter, {
  projects: [
    {
      name: "a package with nothing but a test",
      files: { "package.json": packageJson({ scripts: { test: "node --test" } }) },
      goals: ["test"],
      installs: false,
    },
    {
      name: "a package with npm, build, lint and test",
      files: {
        ...lock,
        "package.json": packageJson({
          scripts: { build: "tsc", lint: "eslint .", test: "vitest run" },
          devDependencies: { vitest: "4" },
        }),
      },
      goals: ["build", "lint", "test"],
      installs: true,
    },
    {
      name: "a package that is formatted by prettier",
      files: { "package.json": packageJson({ devDependencies: { prettier: "3" } }) },
      goals: ["format"],
      installs: false,
    },
    {
      name: "a package with dependencies and no lock file",
      files: { "package.json": packageJson({ scripts: { build: "tsc" }, dependencies: { zod: "4" } }) },
      goals: ["build"],
      installs: false,
    },
    {
      name: "a package fresh from npm init",
      files: { "package.json": packageJson({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }) },
      goals: [],
      installs: false,
    },
  ],
  reports: [
    report("node-20-passed.xml", "node --test"),
    report("node-24-passed.xml", "node --test"),
    report("vitest-4-passed.xml", "vitest run"),
    report("jest-29-passed.json", "jest"),
    report("mocha-11-passed.json", "mocha"),
    report("ava-6-passed.tap", "ava"),
    report("tape-5-passed.tap", "tape test/*.js"),
    report("node-tap-16-passed.tap", "tap"),
    report("node-tap-21-passed.tap", "tap"),
  ],
});

test("a package.json that does not parse is a fault that names the file and the position", async () => {
  const reader = readerOf({ "package.json": '{\n  "name": "x",\n}\n' });
  const fault = await createJavaScriptAdapter()
    .detect(reader)
    .catch((error: unknown) => error);
  expect(isOrchestratorError(fault, "document_invalid")).toBe(true);
  expect(String(fault)).toContain("package.json:3:1 is not valid JSON");
});

test("a field of the wrong type is a fault that names the field", async () => {
  const reader = readerOf({ "package.json": '{"scripts": {"test": 7}}' });
  await expect(createJavaScriptAdapter().plan(reader, "test", "/r")).rejects.toThrow("package.json: scripts.test: ");
});

test("a test script without a known runner is run, but never passes, and the reason says what to do", async () => {
  const adapter = createJavaScriptAdapter();
  const plan = await adapter.plan(
    readerOf({ "package.json": packageJson({ scripts: { test: "make check" } }) }),
    "test",
    "/r",
  );
  expect(plan).toMatchObject({ argv: ["npm", "run", "test"], reportFile: null });
  const result = plan && adapter.read(plan, outcomeOf(), null);
  expect(result).toMatchObject({ verdict: "failed", report: null, not_passed: null });
  expect(result?.reason).toContain('script "test" (make check)');
  expect(result?.reason).toContain("end it with one of node --test, vitest,");
});

test("build and lint pass by their exit code alone", async () => {
  const adapter = createJavaScriptAdapter();
  const plan = await adapter.plan(
    readerOf({ "package.json": packageJson({ scripts: { build: "tsc" } }) }),
    "build",
    "/r",
  );
  if (plan === null) throw new Error("no plan");
  expect(adapter.read(plan, outcomeOf(), null)).toMatchObject({
    verdict: "passed",
    reason: "exit code 0",
    report: null,
  });
  expect(adapter.read(plan, outcomeOf({ exitCode: 2 }), null)).toMatchObject({
    verdict: "failed",
    reason: "exit code 2",
  });
  const stopped = outcomeOf({ status: "timed_out", exitCode: null, detail: "after 900 s" });
  expect(adapter.read(plan, stopped, null)).toMatchObject({
    verdict: "failed",
    reason: "the command ran out of time: after 900 s",
  });
});

function packageJson(content: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ name: "sample", version: "1.0.0", ...content });
}

function report(fixture: string, script: string) {
  const file = fileURLToPath(new URL(`../reports/fixtures/${fixture}`, import.meta.url));
  return {
    name: fixture,
    files: { "package.json": packageJson({ scripts: { test: script } }) },
    passing: readFileSync(file, "utf8"),
  };
}
