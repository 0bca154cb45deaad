import { expect, test } from "vitest";
import { checkOff } from "./check-off.ts";
import { parseChecklist } from "./checklist.ts";

const link = `([r1](evidence/r1.json "sha256:${"a".repeat(64)}"))`;
const text = "- [ ] one\r\n```\n- [ ] code\n```\n* [x] done\n1. [ ] two\n";

test("open items are checked off with a link that is read back, and nothing else changes", () => {
  const { text: after, count } = checkOff(text, link);
  expect(count).toBe(2);
  expect(after).toBe(`- [x] one ${link}\r\n\`\`\`\n- [ ] code\n\`\`\`\n* [x] done\n1. [x] two ${link}\n`);
  expect(parseChecklist(after).map(({ text: item, link: found }) => [item, found?.target ?? null])).toEqual([
    ["one", "evidence/r1.json"],
    ["done", null],
    ["two", "evidence/r1.json"],
  ]);
});

test("one item can be named by its text", () => {
  expect(checkOff(text, link, "two").text).toBe(text.replace("1. [ ] two", `1. [x] two ${link}`));
  expect(checkOff(text, link, "none")).toEqual({ text, count: 0 });
});

test.each([
  ["- [X] a", true],
  ["+ [x] a", true],
  ["  12) [x] a", true],
  ["> - [x] a", true],
  ["- [x]a", null],
  ["[x] a", null],
  ["- [ ] a", false],
])("%j is read as an item that is checked: %s", (line, checked) => {
  expect(parseChecklist(line)[0]?.checked ?? null).toBe(checked);
});

test("an item that was written with its marks escaped can be named by what it says", () => {
  const escaped = "- [ ] use \\`node:\\` for \\[x\\]\n";
  expect(checkOff(escaped, link, "use `node:` for [x]").count).toBe(1);
});
