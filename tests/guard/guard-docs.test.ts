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
