import { expect, test } from "vitest";
import { commandTable } from "./command-table.ts";
import { findCommand } from "./find-command.ts";

const find = (...argv: string[]) => findCommand(commandTable, argv);

test("a command of one word or of two is found, and the rest is left for it", () => {
  expect(find("run", "a goal")).toMatchObject({ kind: "command", command: { name: "run" }, rest: ["a goal"] });
  expect(find("runs", "show", "latest", "--help")).toMatchObject({
    kind: "command",
    command: { name: "runs show" },
    rest: ["latest", "--help"],
  });
});

test("a group alone, or before an option, is a group", () => {
  expect(find("runs")).toMatchObject({ kind: "group", group: "runs", rest: [] });
  expect(find("patterns", "--help")).toMatchObject({ kind: "group", group: "patterns", rest: ["--help"] });
});

test.each([
  [["resmue"], "did you mean resume?"],
  [["runs", "lst"], "did you mean runs list?"],
  [["runs", "zzzz"], "there are list, show, watch, verify, diff, apply"],
  [["list"], "did you mean"],
  [["frobnicate"], "see codex-orchestrator --help"],
  [["--format", "json", "runs", "list"], "stands before the command"],
])("%j is refused with a hint", (argv, hint) => {
  expect(() => find(...argv)).toThrow(
    expect.objectContaining({ code: "usage", message: expect.stringContaining(hint) }),
  );
});
