// Gives package-lock.json an entry for every optional package of another platform. `npm ci` refuses a lock file without them, and
// `npm install` leaves out those that the registry in use does not carry. Run it after each change of the dependencies; `--check` only
// says whether it is needed. A lock file of another package can be named.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const operatingSystems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const processors = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];
const named = process.argv.slice(2).find((argument) => !argument.startsWith("--"));
const file = named ?? fileURLToPath(new URL("../package-lock.json", import.meta.url));

const lock = JSON.parse(readFileSync(file, "utf8"));
const added = completeEntries(lock.packages);
if (process.argv.includes("--check")) {
  if (added > 0) console.error(`package-lock.json lacks ${added} entries: run node scripts/complete-lock.mjs`);
  process.exit(added > 0 ? 1 : 0);
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(byPlace));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} entries added`);

/** Owners near the root come first: where a deeper one needs another version, it gets its own entry. */
function completeEntries(packages) {
  const owners = Object.entries(packages).sort(([one], [other]) => one.split("/").length - other.split("/").length);
  let entries = 0;
  for (const [place, owner] of owners) {
    for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
      const entry = found(packages, place, name);
      if (entry !== undefined && (entry.version === version || !/^\d/.test(version))) continue;
      packages[`${folderOf(place)}node_modules/${name}`] = entryOf(name, version, owner.dev === true);
      entries += 1;
    }
  }
  return entries;
}

/** What Node would find from a place: the nearest folder of packages that has the name. */
function found(packages, place, name) {
  for (let folder = `${place}/`; ; folder = folderOf(folder.slice(0, -1))) {
    const entry = packages[`${folder}node_modules/${name}`];
    if (entry !== undefined || folder === "") return entry;
  }
}

function folderOf(place) {
  return place.slice(0, Math.max(0, place.lastIndexOf("node_modules/")));
}

/** The platform as the package's name gives it, in the order in which npm writes the fields. */
function entryOf(name, version, isDev) {
  const words = name.slice(name.indexOf("/") + 1).split("-");
  const cpu = words.filter((word) => processors.includes(word));
  const os = words.filter((word) => operatingSystems.includes(word));
  if (cpu.length !== 1 || os.length !== 1)
    throw new Error(`${name}: its name does not tell its platform; add its entry by hand`);
  const libc = words.some((word) => word.startsWith("musl"))
    ? ["musl"]
    : words.some((word) => word.startsWith("gnu"))
      ? ["glibc"]
      : undefined;
  return { version, cpu, ...(isDev && { dev: true }), ...(libc && { libc }), optional: true, os };
}

function byPlace([one], [other]) {
  return one.localeCompare(other, "en");
}
