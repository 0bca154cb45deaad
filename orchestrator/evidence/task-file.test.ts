import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findTaskFile, parseTaskFile, readTaskFile } from "./task-file.ts";

const text = `---
id: 0007-retry
title: Retry policy
goal: Try again after a fault that passes.
acceptance_criteria:
  - id: retries
    text: A call that fails for a passing reason is made again.
scope:
  include: [src/retry/**]
specs: [tasks/specs/0007-retry.md]
budget: {turns: 50}
---
# Checklist

- [ ] write it
`;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "task-file-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("the front matter of a task file is the task spec", async () => {
  const path = join(await folder(), "task.md");
  await writeFile(path, text);
  const task = await readTaskFile(path);
  expect(task).toEqual({
    id: "0007-retry",
    title: "Retry policy",
    goal: "Try again after a fault that passes.",
    acceptance_criteria: [{ id: "retries", text: "A call that fails for a passing reason is made again." }],
    scope: { include: ["src/retry/**"], exclude: [] },
    specs: ["tasks/specs/0007-retry.md"],
    budget: { turns: 50 },
    approvals: [],
  });
  expect(parseTaskFile(`\ufeff${text.replaceAll("\n", "\r\n")}`, path)).toEqual(task);
});

test.each([
  ["without front matter", "# Just text", "task.md:1: no front matter"],
  ["with front matter that does not end", "---\nid: a\n", "task.md:3: the front matter does not end"],
  [
    "with an unknown field",
    text.replace("budget:", "budgets:"),
    "task.md:11: budgets: unknown field; known are id, title,",
  ],
  [
    "with an unknown limit",
    text.replace("turns: 50", "turn: 50"),
    "task.md:11: budget.turn: unknown field; known are turns, tokens",
  ],
  [
    "with a criterion that lacks its text",
    text.replace("    text:", "    txt:"),
    "task.md:7: acceptance_criteria.0.txt: unknown field; known are id, text",
  ],
  [
    "with a number for an id",
    text.replace("0007-retry\ntitle", "7\ntitle"),
    "task.md:2: id: Invalid input: expected string, received number",
  ],
  [
    "without a goal",
    text.replace(/goal: .*\n/, ""),
    "task.md:2: goal: Invalid input: expected string, received undefined",
  ],
  [
    "with a glob that cannot be read",
    text.replace("src/retry/**", "src/retry/"),
    'task.md:9: scope.include.0: the glob "src/retry/" has an empty segment',
  ],
  [
    "with a path that leads out",
    text.replace("tasks/specs/0007", "../0007"),
    "task.md:10: specs.0: a relative path inside the repository",
  ],
  ["with a duplicate field", text.replace("title:", "id: b\ntitle:"), "task.md:3: Map keys must be unique"],
])("a task file %s is refused, naming line and field", (_, broken, message) => {
  const parse = () => parseTaskFile(broken, "task.md");
  expect(parse).toThrow(
    expect.objectContaining({ code: "document_invalid", message: expect.stringContaining(message) }),
  );
});

test("everything that is wrong is told at once", () => {
  const broken = text.replace("title: Retry policy", "title: 1").replace("turns: 50", "turns: -1");
  expect(() => parseTaskFile(broken, "t.md")).toThrow(/t\.md:3: title: .*\nt\.md:11: budget\.turns: /);
});

test("a task file that is not there, or is no text, is told by its name", async () => {
  const root = await folder();
  await expect(readTaskFile(join(root, "none.md"))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("none.md"),
  });
  await writeFile(join(root, "bytes.md"), Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe]));
  await expect(readTaskFile(join(root, "bytes.md"))).rejects.toMatchObject({
    code: "document_invalid",
    message: expect.stringContaining("not UTF-8"),
  });
});

test("a task file is found by the task's id, where exactly one bears it", async () => {
  const root = await folder();
  await mkdir(join(root, "tasks"));
  for (const name of ["0007-retry.md", "0008-a.md", "0008-b.md", "0009.md", "00091-other.md"]) {
    await writeFile(join(root, "tasks", name), text);
  }
  expect(await findTaskFile(root, "0007")).toBe(join(root, "tasks", "0007-retry.md"));
  expect(await findTaskFile(root, "0007-retry")).toBe(join(root, "tasks", "0007-retry.md"));
  expect(await findTaskFile(root, "0009")).toBe(join(root, "tasks", "0009.md"));
  await expect(findTaskFile(root, "0008")).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("0008-a.md, 0008-b.md"),
  });
  await expect(findTaskFile(root, "0001")).rejects.toMatchObject({ code: "usage" });
  await expect(findTaskFile(join(root, "none"), "0001")).rejects.toMatchObject({ code: "usage" });
});
