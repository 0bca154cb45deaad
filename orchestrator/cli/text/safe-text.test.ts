import fc from "fast-check";
import { expect, test } from "vitest";
import { safeBlock, safeJson, safeLine } from "./safe-text.ts";

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("\u001b", "[", "a", "\n", "\r", "\t", "\u009b", "\u202e", "\u2028") }),
);
const commanding = /[\p{Cc}\p{Zl}\p{Zp}]/u;

test("an escape sequence is shown, not obeyed", () => {
  expect(safeLine("a\u001b[31mred\u0007\u009b2J")).toBe("a\\x1b[31mred\\x07\\x9b2J");
});

test("a mark that turns the direction of writing is shown", () => {
  expect(safeLine("evil\u202egnp.exe")).toBe("evil\\u{202e}gnp.exe");
});

test("a line break or tab becomes one blank in a line, and stays in a block", () => {
  expect(safeLine("a \r\n\tb\tc")).toBe("a b c");
  expect(safeBlock("a\r\nb\tc\rd")).toBe("a\nb\tc\\x0dd");
});

test("text of any script, and joined emoji, stay as they are", () => {
  const text = "größe 東京 שלום 👩‍👩‍👧 नमस्ते";
  expect([safeLine(text), safeBlock(text)]).toEqual([text, text]);
});

test("nothing that commands a terminal is left in a line; in a block only line breaks and tabs", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(safeLine(text)).not.toMatch(commanding);
      expect(safeBlock(text).replaceAll(/[\n\t]/g, "")).not.toMatch(commanding);
    }),
  );
});

test("safe JSON says the same and holds no character that commands a terminal", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const text = safeJson(value, 2);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(text.replaceAll("\n", "")).not.toMatch(commanding);
      expect(safeJson(value, 0)).not.toContain("\n");
    }),
  );
});
