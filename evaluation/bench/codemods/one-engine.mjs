// Runs one engine over the sources below a folder, in this process alone, and prints what it took and the hash of each result.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { engines } from "./engines.mjs";

const [name, folder] = process.argv.slice(2);
const startedMs = performance.now();
const transform = await engines[name]();
const results = {};
let [files, failed] = [0, 0];
for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
  if (!entry.isFile() || !/\.(?:[cm]?[jt]s|[jt]sx)$/.test(entry.name) || /\.d\.[cm]?ts$/.test(entry.name)) continue;
  const path = relative(folder, join(entry.parentPath, entry.name));
  if (path.includes("node_modules/")) continue;
  files += 1;
  try {
    const after = transform(path, readFileSync(join(folder, path), "utf8"));
    if (after !== null) results[path] = createHash("sha256").update(after).digest("hex");
  } catch {
    failed += 1;
  }
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const cpuMs = Math.round((userCPUTime + systemCPUTime) / 1000);
console.log(
  JSON.stringify({
    name,
    files,
    failed,
    ms: Math.round(performance.now() - startedMs),
    cpuMs,
    mb: Math.round(maxRSS / 1024),
    results,
  }),
);
