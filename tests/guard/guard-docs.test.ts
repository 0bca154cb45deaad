import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { guardRules } from "../../orchestrator/gates/guard/guard-rules.ts";

const documentation = readFileSync(fileURLToPath(new URL("../../docs/spec-guard.md", import.meta.url)), "utf8");

test("docs/spec-guard.md has a section for each rule, in their order, which says what the rule says", () => {
  const sections = documentation.split(/^### /m).slice(1);
  expect(sections.map((section) => section.slice(0, section.indexOf("\n")))).toEqual(guardRules.map(({ id }) => id));
  for (const [index, { name, severity, title, why, mend }] of guardRules.entries()) {
    const weight = severity === "error" ? "an error" : "a warning";
    const wanted = [`\`${name}\`, ${weight}.`, `**What.** ${title}`, `**Why.** ${why}`, `**Mend.** ${mend}`];
    for (const line of wanted) expect(sections[index]).toContain(line);
  }
});

test("no two rules have the same id or name", () => {
  expect(new Set(guardRules.flatMap(({ id, name }) => [id, name])).size).toBe(guardRules.length * 2);
});

test("the guard's one file begins with the licence of each package that it holds, and imports none", () => {
  const program = readFileSync(fileURLToPath(new URL("../../dist/spec-guard.mjs", import.meta.url)), "utf8");
  const notices = program.slice(0, program.indexOf("*/"));
  for (const words of ["Eemeli Aro", "Colin McDonnell"]) expect(notices).toContain(words);
  const imported = [...program.matchAll(/(?<=[\s;}])(?:from|import)"([^"]+)"/g)].map(([, name]) => name);
  expect(imported.filter((name) => !name?.startsWith("node:"))).toEqual([]);
});
