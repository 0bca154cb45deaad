import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { objectSpread } from "./object-spread.ts";

const after = (text: string, path?: string) => afterText(objectSpread, text, path);

test.each([
  ["a = Object.assign({}, b);", "a = { ...b };"],
  ["a = Object.assign({}, b, c || d);", "a = { ...b, ...c || d };"],
  ["a = Object.assign({ b: 1 }, c);", "a = { b: 1, ...c };"],
  ["a = Object.assign({ b: 1, }, c, { d: 2 });", "a = { b: 1, ...c, d: 2 };"],
  ["a = Object.assign({}, { b: 1 }, c);", "a = { b: 1, ...c };"],
  ["a = Object.assign({}, b, { c() {} });", "a = { ...b, ...{ c() {} } };"],
  ["a = Object.assign({}, b, { get c() { return 1; } });", "a = { ...b, ...{ get c() { return 1; } } };"],
  ["a = Object.assign({}, b, {});", "a = { ...b, ...{} };"],
  ["() => Object.assign({}, a);", "() => ({ ...a });"],
  ["() => Object.assign({}, a).b;", "() => ({ ...a }).b;"],
  ["Object.assign({}, a).b();", "({ ...a }).b();"],
  ["export default Object.assign({}, a);", "export default { ...a };"],
  ["a = Object.assign(\n  {},\n  b,\n  c,\n);", "a = {\n  ...b,\n  ...c,\n};"],
  ["a = Object.assign({}, Object.assign({}, b), c);", "a = { ...{ ...b }, ...c };"],
  ["a = Object.assign({}, b(), { c: () => d() });", "a = { ...b(), c: () => d() };"],
  ["a = Object.assign({}, b, { c: Object.assign({}, d) });", "a = { ...b, c: { ...d } };"],
  ["a = Object.assign({ [b]: 1 }, c);", "a = { [b]: 1, ...c };"],
  ["a = Object.assign({ ...b, c }, d);", "a = { ...b, c, ...d };"],
  ["a = Object['assign']({}, b);", "a = { ...b };"],
  ["a = Object.assign({}, b ? c : d, e => f);", "a = { ...b ? c : d, ...e => f };"],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test.each([
  "a = Object.assign({});",
  "a = Object.assign(b, c);",
  "a = Object.assign({}, ...b);",
  "a = Object.assign(() => {}, b);",
  "a = Object.assign.apply(null, [{}, b]);",
  "a = Object?.assign({}, b);",
  "(Object) => Object.assign({}, b);",
  "a = lodash.assign({}, b); Object;",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test("type arguments stay", () => {
  expect(after("a = Object.assign<A, B>({}, b);", "a.ts")).toBe("unchanged");
});

test.each([
  ["a = Object.assign({ set b(c) { d(); } }, e);", "its first argument has accessors, or a prototype"],
  ["a = Object.assign({ __proto__: b }, c);", "its first argument has accessors, or a prototype"],
  ["a = Object.assign({}, b, c(b));", "a later argument may change an earlier one"],
  ["a = Object.assign({}, b, { c: await d });", "a later argument may change an earlier one"],
  ["a\nObject.assign({}, b).c();", "no semicolon stands before it"],
  ["a = Object.assign({}, /* b */ c);", "a comment or a bracket stands between its arguments"],
  ["Object = a; b = Object.assign({}, c);", "Object is assigned to"],
  ["with (a) b = Object.assign({}, c);", "Object may be shadowed by with or eval"],
])("%s is refused: %s", (text, reason) => {
  expect(after(text)).toContain(`skipped: Object.assign stays: ${reason} (line `);
});
