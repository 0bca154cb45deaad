import { expect, test } from "vitest";
import type { SampleFiles } from "../adapter.contract.ts";
import { readerOf } from "../adapter.contract.ts";
import { choosePackageManager } from "./choose-package-manager.ts";
import { PackageManifest } from "./package-manifest.ts";

async function choose(files: SampleFiles, manifest: object = {}) {
  return choosePackageManager(readerOf(files), PackageManifest.parse(manifest));
}

test.each([
  ["package-lock.json", "{}", "npm"],
  ["npm-shrinkwrap.json", "{}", "npm"],
  ["pnpm-lock.yaml", "lockfileVersion: '9.0'", "pnpm"],
  ["yarn.lock", "# yarn lockfile v1\n", "yarn"],
  ["yarn.lock", "# generated\n\n__metadata:\n  version: 8\n", "yarn@berry"],
  ["bun.lock", "{}", "bun"],
  ["bun.lockb", "", "bun"],
])("%s (%j) tells %s", async (file, text, name) => {
  expect(await choose({ [file]: text })).toEqual({ name, lockFile: file, evidence: [`${file}: ${name}`] });
});

test.each([
  ["npm@11.0.0", "npm"],
  ["pnpm@9.15.0+sha512.abc", "pnpm"],
  ["yarn@1.22.22", "yarn"],
  ["yarn@4.5.0", "yarn@berry"],
  ["bun@1.2.0", "bun"],
])("the packageManager field %s tells %s before any lock file", async (field, name) => {
  const choice = await choose({ "package-lock.json": "{}", "yarn.lock": "" }, { packageManager: field });
  expect(choice.name).toBe(name);
  expect(choice.evidence).toEqual([`packageManager ${field}: ${name}`, "package-lock.json: npm", "yarn.lock: yarn"]);
});

test("a lock file of another package manager is not taken for the declared one's", async () => {
  expect(await choose({ "package-lock.json": "{}" }, { packageManager: "pnpm@9.0.0" })).toMatchObject({
    name: "pnpm",
    lockFile: null,
  });
});

test("devEngines counts where there is no packageManager field, and an unknown tool does not", async () => {
  const devEngines = { packageManager: [{ name: "pnpm", version: ">=9" }] };
  expect(await choose({}, { devEngines })).toMatchObject({
    name: "pnpm",
    evidence: ["devEngines.packageManager: pnpm"],
  });
  expect(await choose({ "yarn.lock": "" }, { packageManager: "other@1.0.0" })).toMatchObject({ name: "yarn" });
});

test("the shrinkwrap counts before the package-lock, and npm is the default", async () => {
  expect(await choose({ "package-lock.json": "{}", "npm-shrinkwrap.json": "{}" })).toMatchObject({
    lockFile: "npm-shrinkwrap.json",
  });
  expect(await choose({})).toEqual({ name: "npm", lockFile: null, evidence: ["no lock file: npm, the default"] });
});
