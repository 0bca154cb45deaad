// Measures the adapters: finding the projects of a large monorepo, and reading a large report.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createAdapters, createDirectoryReader, detectProjects } from "../../dist/adapters/index.js";
import { readJunit } from "../../dist/adapters/reports/read-junit.js";
import { median, time } from "./measure.mjs";

const rounds = 7;
const packages = 50;
const filesOfEach = 200;
const suites = 500;
const casesOfEach = 100;

/** Adds the adapters' rows. */
export async function measureAdapters(row, folder) {
  const root = join(folder, "monorepo");
  makeMonorepo(root);
  const detect = () => detectProjects(createAdapters(), createDirectoryReader(root));
  const found = (await detect()).length;
  const files = packages * (filesOfEach + 1);
  row(`adapters, ${files} files, ${found} projects found`, median(await time(rounds, detect, 1)), "ms", "<= 300");
  const report = makeReport();
  const before = process.memoryUsage().rss;
  const first = readJunit(report);
  if (!first.usable || first.cases.length !== suites * casesOfEach) throw new Error("the report was not read whole");
  const what = `JUnit, ${suites * casesOfEach} cases, ${(report.length / 1e6).toFixed(1)} MB`;
  row(what, median(await time(rounds, async () => readJunit(report), 1)), "ms", "<= 400");
  row(`${what}: resident memory added`, (process.memoryUsage().rss - before) / 1e6, "MB", "<= 200");
}

function makeMonorepo(root) {
  for (let index = 0; index < packages; index += 1) {
    const folder = join(root, "services", `service-${index}`);
    mkdirSync(join(folder, "src"), { recursive: true });
    const [name, text] =
      index % 2 === 0 ? ["package.json", '{"scripts":{"test":"node --test"}}'] : ["go.mod", "module a\n\ngo 1.21\n"];
    writeFileSync(join(folder, name), text);
    for (let file = 0; file < filesOfEach; file += 1) writeFileSync(join(folder, "src", `file-${file}.txt`), "x\n");
  }
}

function makeReport() {
  const lines = ['<?xml version="1.0"?>', `<testsuites tests="${suites * casesOfEach}">`];
  for (let suite = 0; suite < suites; suite += 1) {
    lines.push(`<testsuite name="suite ${suite}" tests="${casesOfEach}">`);
    for (let index = 0; index < casesOfEach; index += 1)
      lines.push(`<testcase classname="suite ${suite}" name="does what case ${index} says" time="0.001"/>`);
    lines.push("</testsuite>");
  }
  return [...lines, "</testsuites>"].join("\n");
}
