import fc from "fast-check";
import { expect, test } from "vitest";
import { decodedView } from "./decoded-view.ts";

test("a text without encodings and breaks has no view of its own", () => {
  expect(decodedView("plain text, 100 % of it; a\\b")).toBeNull();
});

test("letters and digits are read, signs are left to those who know how they may be written", () => {
  expect(decodedView("%61%2542\\u0043\\\\u0031%2F")?.text).toBe("aBC1%2F");
});

test("a break of a line goes where base64 may stand on both sides", () => {
  expect(decodedView("QUJD\n  REVG\\r\\nR0hJ\r\nSg==\n end. \nX")?.text).toBe("QUJDREVGR0hJSg==\n end. \nX");
});

test("every character of the view is found again in the original, in its place", () => {
  const pieces = fc.array(fc.constantFrom("%61", "\\u0061", "\n ", "\\n", "xyz", "-", " ", "%20"), { maxLength: 12 });
  fc.assert(
    fc.property(pieces, (parts) => {
      const original = parts.join("");
      const view = decodedView(original);
      let last = 0;
      for (const [place, character] of [...(view?.text ?? "")].entries()) {
        const { start, end } = view?.originalOf({ name: "n", start: place, end: place + 1 }) ?? { start: 0, end: 0 };
        expect(start).toBeGreaterThanOrEqual(last);
        expect([character, character === "a" ? "%61" : "", character === "a" ? "\\u0061" : ""]).toContain(
          original.slice(start, end),
        );
        last = end;
      }
    }),
  );
});
