import { expect, test } from "vitest";
import { compareInstalled } from "./compare-installed.ts";

const entries = {
  "node_modules/a": { version: "1.0.0", integrity: "sha512-a" },
  "node_modules/a/node_modules/b": { version: "2.0.0", integrity: "sha512-b" },
};
const wanted = {
  "": { name: "sample" },
  ...entries,
  "node_modules/other-platform": { version: "1.0.0", optional: true },
  "node_modules/member": { resolved: "packages/member", link: true },
};

function compare(files: Record<string, unknown>, lockFile = "package-lock.json") {
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const read = async (path: string) => (Object.hasOwn(files, path) ? text(files[path]) : null);
  return compareInstalled({ read, exists: async (path) => path in files, list: async () => [] }, lockFile);
}

function npm(found: unknown) {
  return compare({ "package-lock.json": { packages: wanted }, "node_modules/.package-lock.json": found });
}

test("what npm installed from the lock file is the same, packages of other platforms left out", async () => {
  expect(await npm({ packages: entries })).toBe("same");
});

test.each([
  ["another version", { ...entries, "node_modules/a": { version: "1.0.1", integrity: "sha512-a" } }],
  ["other contents", { ...entries, "node_modules/a": { version: "1.0.0", integrity: "sha512-x" } }],
  ["a package more", { ...entries, "node_modules/c": { version: "1.0.0", integrity: "sha512-c" } }],
  ["a package less", { "node_modules/a": entries["node_modules/a"] }],
])("%s is different", async (_, packages) => {
  expect(await npm({ packages })).toBe("different");
});

test("what left no record, or one that cannot be read, is unknown", async () => {
  expect(await compare({ "package-lock.json": { packages: wanted } })).toBe("unknown");
  expect(await npm("{")).toBe("unknown");
  expect(await npm({ lockfileVersion: 1 })).toBe("unknown");
  expect(await compare({ "yarn.lock": "", "node_modules/.yarn-integrity": "{}" }, "yarn.lock")).toBe("unknown");
});

test("pnpm's own copy of the lock file tells where it is the same", async () => {
  const files = { "pnpm-lock.yaml": "a: 1\n", "node_modules/.pnpm/lock.yaml": "a: 1\n" };
  expect(await compare(files, "pnpm-lock.yaml")).toBe("same");
  expect(await compare({ ...files, "node_modules/.pnpm/lock.yaml": "a: 2\n" }, "pnpm-lock.yaml")).toBe("unknown");
});
