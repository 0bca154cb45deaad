// Asks the built program what it makes of packages that nobody here wrote, and keeps the answers in docs/evidence/detection.md. Each package
// comes from its own registry by the ordinary client; a layout whose client is not installed is named as missing. Nothing of a package is run,
// but for what pip needs to name a source package. Usage: node scripts/detect-layouts.mjs
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = join(root, "dist/bin/codex-orchestrator.mjs");
const work = mkdtempSync(join(tmpdir(), "codex-orchestrator-detection-"));

/** What stands in each layout, its client, the package, and where it is looked at below what the client gave. */
const layouts = [
  ["npm, tests of jest beside a Makefile and gyp", npm, "bcrypt@6.0.0"],
  ["npm, workspaces that are not published", npm, "npm@11.6.2"],
  ["npm by default: neither a lock file nor packageManager is published", npm, "redux@5.0.1"],
  ["pnpm by packageManager", npm, "zustand@5.0.8"],
  ["bun by packageManager", npm, "hono@4.10.1"],
  ["JavaScript with Gradle and CMake inside", npm, "react-native-screens@4.16.0"],
  ["Gradle in folders below a package of npm", npm, "@capacitor/android@7.4.3"],
  ["Python, poetry", pip, "poetry-core==2.2.0"],
  ["Python, a lock of uv", pip, "flask==3.1.2"],
  ["Python, hatch with tox.ini", pip, "attrs==25.4.0"],
  ["Python, setup.py and setup.cfg", pip, "requests==2.32.5"],
  ["Python with CMake", pip, "pybind11==3.0.1"],
  ["Python with C and a makefile below", pip, "zopfli==0.4.0"],
  ["Cargo, one package", cargo, "walkdir@2.5.0"],
  ["Go, one module", go, "github.com/spf13/cobra@v1.10.1"],
  ["Go, a module with many packages", go, "golang.org/x/text@v0.30.0"],
  ["Maven, one module of an archetype", maven, "maven-archetype-quickstart:1.5"],
  ["Maven, a reactor made of two archetypes", mavenReactor, "maven-archetype-quickstart:1.5"],
];

try {
  const rows = layouts.map(([what, fetch, wanted], at) => {
    const folder = join(work, String(at));
    mkdirSync(folder);
    console.error(`${what}: ${wanted}`);
    try {
      return { what, wanted, ...detect(fetch(folder, wanted)) };
    } catch (error) {
      return { what, wanted, missing: String(error.message).split("\n")[0].replaceAll(work, "<folder>") };
    }
  });
  const file = join(root, "docs/evidence/detection.md");
  writeFileSync(file, `${page(rows)}\n`);
  console.log(
    `kept in ${file.slice(root.length)}: ${rows.filter(({ missing }) => missing === undefined).length} of ${rows.length}`,
  );
} finally {
  rmSync(work, { recursive: true, force: true, maxRetries: 3 });
}

function run(program, argv, cwd) {
  return execFileSync(program, argv, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 240_000 });
}

function unpack(folder, archive) {
  run("tar", ["-xzf", archive, "--no-same-owner"], folder);
  const [inner] = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return join(folder, inner.name);
}

function npm(folder, wanted) {
  return unpack(folder, run("npm", ["pack", "--silent", wanted], folder).trim().split("\n").at(-1));
}

function pip(folder, wanted) {
  const name = wanted.replace(/==.*/, "");
  run("python3", ["-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", name, wanted], folder);
  return unpack(folder, readdirSync(folder)[0]);
}

function cargo(folder, wanted) {
  const [name, version] = wanted.split("@");
  const manifest = `[package]\nname = "fetch"\nversion = "0.0.0"\nedition = "2021"\n[dependencies]\n${name} = "=${version}"\n`;
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src/lib.rs"), "");
  writeFileSync(join(folder, "Cargo.toml"), manifest);
  run("cargo", ["vendor", "--quiet"], folder);
  return apart(folder, join(folder, "vendor", name));
}

function go(folder, wanted) {
  return apart(folder, JSON.parse(run("go", ["mod", "download", "-json", wanted], folder)).Dir);
}

/** A copy outside of what the client made. */
function apart(folder, from) {
  const to = join(folder, "package");
  cpSync(from, to, { recursive: true });
  return to;
}

function maven(folder, wanted, artifact = "sample") {
  const [id, version] = wanted.split(":");
  const archetype = [
    "-DarchetypeGroupId=org.apache.maven.archetypes",
    `-DarchetypeArtifactId=${id}`,
    `-DarchetypeVersion=${version}`,
  ];
  const made = ["-DgroupId=org.example", `-DartifactId=${artifact}`, "-Dversion=1.0"];
  run("mvn", ["-q", "-B", "archetype:generate", ...archetype, ...made], folder);
  return join(folder, artifact);
}

function mavenReactor(folder, wanted) {
  for (const artifact of ["core", "app"]) maven(folder, wanted, artifact);
  const modules = "<modules><module>core</module><module>app</module></modules>";
  writeFileSync(
    join(folder, "pom.xml"),
    `<project><modelVersion>4.0.0</modelVersion><groupId>org.example</groupId><artifactId>all</artifactId><version>1.0</version><packaging>pom</packaging>${modules}</project>\n`,
  );
  return folder;
}

function detect(folder) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, "adapters", "detect", folder, "--format", "json"],
    {
      encoding: "utf8",
    },
  );
  if (stdout === "") throw new Error(stderr);
  return { status, projects: JSON.parse(stdout).projects ?? [] };
}

function page(rows) {
  const found = rows.filter(({ missing }) => missing === undefined);
  return [
    "# What is detected in published packages\n",
    `\`node scripts/detect-layouts.mjs\` wrote this page: ${found.length} of ${rows.length} layouts were fetched, each package from its own registry`,
    "by the ordinary client, and `codex-orchestrator adapters detect` was asked what it is. Published packages leave out what is not",
    "published, so that a goal may be missing which the repository has. Nothing was installed or run.\n",
    ...rows.map(section),
  ].join("\n");
}

function section({ what, wanted, missing, projects = [] }) {
  const title = `## ${wanted}\n\n${what}.\n`;
  if (missing !== undefined) return `${title}\nNot fetched: ${missing}\n`;
  if (projects.length === 0) return `${title}\nNothing was detected.\n`;
  const lines = projects.map(({ adapter, root: at, confidence, evidence, plans, dependencies }) => {
    const commands = plans.map(({ goal, argv }) => `${goal}: \`${argv.join(" ").replace(/\s+/g, " ").slice(0, 120)}\``);
    const need = dependencies.unsupported ?? dependencies.reason;
    return [`| ${at} | ${adapter} | ${confidence} | ${evidence.join("; ")} | ${commands.join("<br>")} | ${need} |`]
      .join("\n")
      .replaceAll(work, "<folder>");
  });
  return `${title}\n| folder | adapter | sure | evidence | commands | dependencies |\n| --- | --- | --- | --- | --- | --- |\n${lines.join("\n")}\n`;
}
