import { expect, test } from "vitest";
import { readerOf } from "../adapter.contract.ts";
import type { PackageManagerName } from "./choose-package-manager.ts";
import { findDependencies } from "./find-dependencies.ts";
import { PackageManifest } from "./package-manifest.ts";

const nothing = readerOf({});

const withOne = PackageManifest.parse({ devDependencies: { vitest: "4" } });

test.each([
  ["npm", ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]],
  ["pnpm", ["pnpm", "i", "--frozen-lockfile", "--ignore-scripts"]],
  ["yarn", ["yarn", "install", "--frozen-lockfile", "--ignore-scripts"]],
  ["yarn@berry", ["yarn", "install", "--immutable", "--mode=skip-build"]],
  ["bun", ["bun", "install", "--frozen-lockfile", "--ignore-scripts"]],
] as const)("%s installs what the lock file fixes and runs no script of a dependency", async (name, argv) => {
  const files = { ".yarnrc.yml": "nodeLinker: node-modules\n" };
  const need = await findDependencies(readerOf(files), withOne, { name, lockFile: "a.lock", evidence: [] });
  expect(need).toMatchObject({ needed: true, lockFile: "a.lock", folders: ["node_modules"] });
  expect(need.install).toMatchObject({ goal: "install", argv, cwd: ".", needsNetwork: true, reportFile: null });
  expect(need.reason).toBe("package.json declares 1 dependency, and a.lock fixes them.");
});

test("dependencies without a lock file are needed, but there is no way to install them", async () => {
  const need = await findDependencies(nothing, withOne, { name: "pnpm", lockFile: null, evidence: [] });
  expect(need).toMatchObject({ needed: true, install: null });
  expect(need.reason).toContain("there is no lock file of pnpm");
});

test.each(["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"])(
  "%s count",
  async (field) => {
    const manifest = PackageManifest.parse({ [field]: { a: "1" } });
    const need = await findDependencies(nothing, manifest, { name: "npm", lockFile: null, evidence: [] });
    expect(need.needed).toBe(true);
  },
);

test.each([[["packages/*"]], [{ packages: ["packages/*"] }]])(
  "workspaces %j need an installation",
  async (workspaces) => {
    const manifest = PackageManifest.parse({ workspaces });
    const need = await findDependencies(nothing, manifest, { name: "npm", lockFile: null, evidence: [] });
    expect(need.needed).toBe(true);
    expect(need.reason).toContain("package.json declares workspaces, but");
  },
);

test("a package that declares nothing needs nothing, with or without a lock file", async () => {
  const manifest = PackageManifest.parse({ dependencies: {} });
  const need = await findDependencies(nothing, manifest, { name: "npm", lockFile: "package-lock.json", evidence: [] });
  expect(need).toMatchObject({
    needed: false,
    lockFile: "package-lock.json",
    install: null,
  });
});

test.each<[string, PackageManagerName, string, Record<string, string>, RegExp]>([
  ["a pnpm workspace", "pnpm", "pnpm-lock.yaml", { "pnpm-workspace.yaml": "packages:\n  - packages/*\n" }, /pnpm-work/],
  ["Plug'n'Play by default", "yarn@berry", "yarn.lock", {}, /Plug'n'Play.*nodeLinker: node-modules/],
  ["Plug'n'Play by name", "yarn@berry", "yarn.lock", { ".yarnrc.yml": "nodeLinker: pnp\n" }, /Plug'n'Play/],
  [
    "Plug'n'Play beside a setting",
    "yarn@berry",
    "yarn.lock",
    { ".yarnrc.yml": "nodeLinker: node-modules\n", ".pnp.cjs": "" },
    /Plug'n'Play/,
  ],
])("the dependencies of %s cannot be provided, and the reason says so", async (_, name, lockFile, files, why) => {
  const need = await findDependencies(readerOf(files), withOne, { name, lockFile, evidence: [] });
  expect(need).toMatchObject({ needed: true, lockFile, install: null });
  expect(need.unsupported).toMatch(why);
});

test.each<[string, PackageManagerName, string, Record<string, string>]>([
  ["settings of pnpm alone", "pnpm", "pnpm-lock.yaml", { "pnpm-workspace.yaml": "onlyBuiltDependencies:\n  - a\n" }],
  ["Yarn with node_modules", "yarn@berry", "yarn.lock", { ".yarnrc.yml": 'nodeLinker: "node-modules"\n' }],
])("%s is provided", async (_, name, lockFile, files) => {
  const need = await findDependencies(readerOf(files), withOne, { name, lockFile, evidence: [] });
  expect(need.unsupported).toBeNull();
});

test("the folders of npm workspaces are those that the lock file places packages in", async () => {
  const paths = [
    "packages/b",
    "node_modules/a/node_modules/c",
    "packages/b/node_modules/a",
    "packages/b/node_modules/@s/d/node_modules/e",
    "../outside/node_modules/f",
  ];
  const lock = JSON.stringify({ packages: Object.fromEntries(paths.map((path) => [path, {}])) }, null, 2);
  const manager = { name: "npm", lockFile: "package-lock.json", evidence: [] } as const;
  const need = await findDependencies(readerOf({ "package-lock.json": lock }), withOne, manager);
  expect(need).toMatchObject({ folders: ["node_modules", "packages/b/node_modules"], unsupported: null });
});

test("Yarn's Plug'n'Play is no hindrance to a package that declares nothing", async () => {
  const manager = { name: "yarn@berry", lockFile: "yarn.lock", evidence: [] } as const;
  const need = await findDependencies(readerOf({ ".pnp.cjs": "" }), PackageManifest.parse({}), manager);
  expect(need).toMatchObject({ needed: false, unsupported: null });
});
