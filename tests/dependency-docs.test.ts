import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";

const Versions = z.record(z.string(), z.string());
const Package = z.object({ dependencies: Versions, devDependencies: Versions });

const read = (path: string) => readFileSync(fileURLToPath(new URL(path, import.meta.url)), "utf8");

test("docs/dependencies.md names each direct dependency with its exact version, and no other", () => {
  const { dependencies, devDependencies } = Package.parse(JSON.parse(read("../package.json")));
  const [, runtime = "", development = ""] = read("../docs/dependencies.md").split(/^## /m);
  expect(tableRows(runtime)).toEqual(Object.entries(dependencies));
  expect(tableRows(development)).toEqual(Object.entries(devDependencies));
});

test("every direct dependency is pinned to one version", () => {
  const { dependencies, devDependencies } = Package.parse(JSON.parse(read("../package.json")));
  const loose = Object.entries({ ...dependencies, ...devDependencies }).filter(
    ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
  );
  expect(loose).toEqual([]);
});

/** Name and version of each row that gives a reason and a cost. */
function tableRows(section: string): (readonly [string, string])[] {
  const rows = section.matchAll(/^\| `([^`]+)` \| (\S+) \| [^|]{10,} \| [^|]{10,} \|$/gm);
  return [...rows].map(([, name = "", version = ""]) => [name, version] as const);
}
