import { expect, test } from "vitest";
import { PackageManifest } from "./package-manifest.ts";
import { planFormat } from "./plan-format.ts";

const prettier = { devDependencies: { prettier: "3" } };

test.each([
  [{ scripts: { "format:check": "prettier --check .", format: "prettier --check src" } }, "npm run format:check"],
  [{ scripts: { format: "prettier --write .", "check:format": "biome format" } }, "npm run check:format"],
  [{ scripts: { format: "prettier src --list-different" } }, "npm run format"],
  [{ scripts: { format: "biome format src" } }, "npm run format"],
  [{ scripts: { format: "biome format --write src" } }, null],
  [{ scripts: { format: "prettier --write ." }, ...prettier }, "npx prettier --check ."],
  [{ dependencies: { "@biomejs/biome": "2" } }, "npx biome format ."],
  [{ scripts: { "format:check": " ", format: "prettier -w ." } }, null],
  [{}, null],
])("%j is looked at by %s", (manifest, command) => {
  const plan = planFormat(PackageManifest.parse(manifest), "npm");
  expect(plan?.argv.join(" ") ?? null).toBe(command);
  expect(plan?.goal ?? "format").toBe("format");
});

test("prettier is run by the project's own package manager", () => {
  const argv = (name: "yarn" | "pnpm") => planFormat(PackageManifest.parse(prettier), name)?.argv.join(" ");
  expect(argv("pnpm")).toBe("pnpm exec prettier --check .");
  expect(argv("yarn")).toBe("yarn exec prettier -- --check .");
});
