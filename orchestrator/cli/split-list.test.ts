import fc from "fast-check";
import { expect, test } from "vitest";
import { splitList } from "./split-list.ts";

test("a comma parts, blanks around parts are dropped, and so are empty parts", () => {
  expect(splitList(" a, b ,,c,")).toEqual(["a", "b", "c"]);
});

test("a comma in braces does not part, as globs need it", () => {
  expect(splitList("src/{a,b}/**,test/{x,{y,z}}")).toEqual(["src/{a,b}/**", "test/{x,{y,z}}"]);
});

test("a brace that is never opened does not keep later commas from parting", () => {
  expect(splitList("a},b")).toEqual(["a}", "b"]);
});

test("parts without commas and braces come back as they were", () => {
  const part = fc.stringMatching(/^[a-z*/.]{1,8}$/);
  fc.assert(
    fc.property(fc.array(part), (parts) => {
      expect(splitList(parts.join(","))).toEqual(parts);
    }),
  );
});
