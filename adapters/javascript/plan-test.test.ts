import { expect, test } from "vitest";
import type { PackageManagerName } from "./choose-package-manager.ts";
import { nodeTestGuard } from "./node-test-guard.ts";
import { PackageManifest } from "./package-manifest.ts";
import { noReportVariable, planTest } from "./plan-test.ts";

function plan(script: string, manager: PackageManagerName = "npm", scripts: Readonly<Record<string, string>> = {}) {
  return planTest(PackageManifest.parse({ scripts: { ...scripts, test: script } }), manager, "/r d/");
}

test("the report of vitest, jest, mocha and node-tap is asked for by arguments", () => {
  expect(plan("vitest run")).toMatchObject({
    argv: [
      "npm",
      "run",
      "test",
      "--",
      "--reporter=default",
      "--reporter=junit",
      "--outputFile.junit=/r d/vitest.junit.xml",
    ],
    env: { CI: "true", NO_COLOR: "1" },
    reportFile: "/r d/vitest.junit.xml",
  });
  expect(plan("jest")?.argv).toEqual(["npm", "run", "test", "--", "--json", "--outputFile=/r d/jest.json"]);
  expect(plan("mocha")?.argv.slice(4)).toEqual(["--reporter", "json", "--reporter-option", "output=/r d/mocha.json"]);
  expect(plan("tap")?.argv.slice(4)).toEqual(["--output-file=/r d/node-tap.tap"]);
});

test("each package manager forwards arguments in its own way", () => {
  expect(plan("jest", "pnpm")?.argv.slice(0, 4)).toEqual(["pnpm", "run", "test", "--json"]);
  expect(plan("jest", "yarn")?.argv.slice(0, 4)).toEqual(["yarn", "run", "test", "--json"]);
  expect(plan("jest", "yarn@berry")?.argv.slice(0, 4)).toEqual(["yarn", "run", "test", "--json"]);
  expect(plan("jest", "bun")?.argv.slice(0, 4)).toEqual(["bun", "run", "test", "--json"]);
  const nested = { unit: "jest" };
  expect(plan("npm run unit", "npm", nested)?.argv.slice(0, 6)).toEqual(["npm", "run", "test", "--", "--", "--json"]);
  expect(plan("npm run unit", "pnpm", nested)?.argv.slice(0, 5)).toEqual(["pnpm", "run", "test", "--", "--json"]);
  expect(plan("npm run unit", "yarn", nested)?.argv.slice(0, 6)).toEqual(["yarn", "run", "test", "--", "--", "--json"]);
});

test("node --test is told by the environment, beside the reporters that the script has", () => {
  const file = '--test-reporter=junit --test-reporter-destination="/r d/node-test.junit.xml"';
  const human = '--test-reporter=spec --test-reporter-destination="stdout"';
  expect(plan("node --test")).toMatchObject({
    argv: ["npm", "run", "test"],
    env: { NODE_OPTIONS: `${file} ${human} ${nodeTestGuard}` },
  });
  expect(plan("node --test --test-reporter=dot")?.env["NODE_OPTIONS"]).toBe(
    `${file} --test-reporter-destination="stdout" ${nodeTestGuard}`,
  );
  expect(plan("node --test --test-reporter dot --test-reporter-destination stdout")?.env["NODE_OPTIONS"]).toBe(
    `${file} ${nodeTestGuard}`,
  );
  // What a script registers for `require` would not see files that are imported.
  expect(plan("node -r ts-node/register --test")?.env["NODE_OPTIONS"]).toBe(`${file} ${human}`);
  expect(nodeTestGuard).not.toMatch(/[\s"\\]/);
});

test("a script that sets NODE_OPTIONS itself gets no report from node --test, and the reason", () => {
  const made = plan("NODE_OPTIONS=--no-warnings node --test");
  expect(made).toMatchObject({ argv: ["npm", "run", "test"], reportFile: null });
  expect(made?.env[noReportVariable]).toContain("sets NODE_OPTIONS");
});

test("runners that write TAP to the standard output have it sent to the report, with their exit code kept", () => {
  expect(plan("ava")?.argv).toEqual([
    "sh",
    "-c",
    'exec "$@" > "$0"',
    "/r d/ava.tap",
    "npm",
    "run",
    "test",
    "--",
    "--tap",
  ]);
  expect(plan("tape test/*.js", "pnpm")?.argv.slice(3)).toEqual(["/r d/tape.tap", "pnpm", "run", "test"]);
});

test("a plan has no network and its own time", () => {
  expect(plan("jest")).toMatchObject({
    goal: "test",
    cwd: ".",
    needsNetwork: false,
    parallelSafe: false,
    timeoutMs: 1_800_000,
  });
});
