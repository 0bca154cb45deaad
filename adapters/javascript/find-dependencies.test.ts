import { expect, test } from "vitest";
import { findDependencies } from "./find-dependencies.ts";
import { PackageManifest } from "./package-manifest.ts";

const withOne = PackageManifest.parse({ devDependencies: { vitest: "4" } });

test.each([
  ["npm", ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]],
  ["pnpm", ["pnpm", "i", "--frozen-lockfile", "--ignore-scripts"]],
  ["yarn", ["yarn", "install", "--frozen-lockfile", "--ignore-scripts"]],
  ["yarn@berry", ["yarn", "install", "--immutable", "--mode=skip-build"]],
  ["bun", ["bun", "install", "--frozen-lockfile", "--ignore-scripts"]],
] as const)("%s installs what the lock file fixes and runs no script of a dependency", (name, argv) => {
  const need = findDependencies(withOne, { name, lockFile: "a.lock", evidence: [] });
  expect(need).toMatchObject({ needed: true, lockFile: "a.lock", folders: ["node_modules"] });
  expect(need.install).toMatchObject({ goal: "install", argv, cwd: ".", needsNetwork: true, reportFile: null });
  expect(need.reason).toBe("package.json declares 1 dependency, and a.lock fixes them.");
});

test("dependencies without a lock file are needed, but there is no way to install them", () => {
  const need = findDependencies(withOne, { name: "pnpm", lockFile: null, evidence: [] });
  expect(need).toMatchObject({ needed: true, install: null });
  expect(need.reason).toContain("there is no lock file of pnpm");
});

test.each(["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"])("%s count", (field) => {
  const manifest = PackageManifest.parse({ [field]: { a: "1" } });
  expect(findDependencies(manifest, { name: "npm", lockFile: null, evidence: [] }).needed).toBe(true);
});

test.each([[["packages/*"]], [{ packages: ["packages/*"] }]])("workspaces %j need an installation", (workspaces) => {
  const manifest = PackageManifest.parse({ workspaces });
  const need = findDependencies(manifest, { name: "npm", lockFile: null, evidence: [] });
  expect(need.needed).toBe(true);
  expect(need.reason).toContain("package.json declares workspaces, but");
});

test("a package that declares nothing needs nothing, with or without a lock file", () => {
  const manifest = PackageManifest.parse({ dependencies: {} });
  expect(findDependencies(manifest, { name: "npm", lockFile: "package-lock.json", evidence: [] })).toMatchObject({
    needed: false,
    lockFile: "package-lock.json",
    install: null,
  });
});
