import { expect, test } from "vitest";
import { keysOf, tomlTables } from "./toml-tables.ts";

test("a document is split at its headers, and not at what looks like one in a long string", () => {
  const text =
    'title = "x"\n[ tool . "ruff" ] # linter\na = """\n[not.one]\n"""\n[[package]]\nb-c = [\n  "[d]",\n]\r\n"e" = 1\n';
  const tables = tomlTables(text);
  expect([...tables.keys()]).toEqual(["", "tool.ruff", "package"]);
  expect(keysOf(tables.get("package") ?? "")).toEqual(["b-c", "e"]);
});
