import { expect, test } from "vitest";
import { commandTable } from "./command-table.ts";
import { commandText, helpDocument, overviewText } from "./help-text.ts";
import { displayWidth } from "./text/display-width.ts";
import { createPaint } from "./text/paint.ts";

const plain = createPaint(false);

test("the overview names every command and every exit code", () => {
  const text = overviewText(commandTable, plain, 100);
  for (const { name, summary } of commandTable) {
    expect(text).toContain(`  ${name}`);
    expect(text).toContain(summary.slice(0, 30));
  }
  for (const exit of ["0 ", "1 ", "2 ", "3 ", "4 ", "129, 130, 143"]) expect(text).toContain(`\n  ${exit}`);
});

test.each(commandTable.map((command) => [command.name, command] as const))(
  "the help of %s names each flag and fits",
  (_, command) => {
    const text = commandText(command, plain, 100);
    for (const { name } of command.flags) expect(text).toContain(`--${name}`);
    for (const { name } of command.positionals) expect(text).toContain(`<${name}>`);
    const [body = ""] = text.split("\nExamples\n");
    for (const line of body.split("\n")) expect(displayWidth(line)).toBeLessThanOrEqual(100);
  },
);

test("every command takes --format and --help, and no two commands share a name", () => {
  for (const { flags } of commandTable)
    expect(flags.map(({ name }) => name)).toEqual(expect.arrayContaining(["format", "help"]));
  expect(new Set(commandTable.map(({ name }) => name)).size).toBe(commandTable.length);
});

test("the help is a document too", () => {
  const document = JSON.parse(JSON.stringify(helpDocument(commandTable)));
  expect(document.commands).toHaveLength(commandTable.length);
  expect(document.exit_codes["3"]).toContain("a person must answer");
});

test.each(commandTable.map((command) => [command.name, command] as const))("%s can be loaded", async (_, command) => {
  expect(await command.load()).toBeTypeOf("function");
});
