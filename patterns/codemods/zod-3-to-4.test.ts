import { expect, test } from "vitest";
import { z } from "zod";
import { z as z3 } from "zod/v3";
import { afterText } from "./after-text.test-support.ts";
import { zod3To4 } from "./zod-3-to-4.ts";

const after = (text: string, path = "a.ts") => afterText({ ...zod3To4, preconditions: [] }, text, path);
const load = "import { z } from 'zod'; ";

test.each([
  ["z.record(z.number());", "z.record(z.string(), z.number());"],
  ["z.record(z.enum(['a']), z.number());", "z.partialRecord(z.enum(['a']), z.number());"],
  ["const K = z.enum(['a']); z.record(K, z.number());", "const K = z.enum(['a']); z.partialRecord(K, z.number());"],
  ["z.nativeEnum(E);", "z.enum(E);"],
  ["z.string().email('no');", "z.email('no');"],
  ["z.string().uuid().optional();", "z.guid().optional();"],
  ["z.string()\n  .datetime({ offset: true })\n  .min(1);", "z.iso.datetime({ offset: true })\n  .min(1);"],
  [
    "z.string({ required_error: 'a', invalid_type_error: 'b' }).min(1);",
    "z.string({ error: (issue) => (issue.input === undefined ? 'a' : issue.code === 'invalid_type' ? 'b' : undefined) }).min(1);",
  ],
  [
    "z.number({ description: 'c', invalid_type_error: 'b', });",
    "z.number({ description: 'c', error: (issue) => (issue.input === undefined ? undefined : issue.code === 'invalid_type' ? 'b' : undefined), });",
  ],
  ["z.string().transform(Number).default('1');", "z.string().transform(Number).prefault('1');"],
  [
    "try { a(); } catch (e) { if (e instanceof z.ZodError) f(e.errors); }",
    "try { a(); } catch (e) { if (e instanceof z.ZodError) f(e.issues); }",
  ],
  ["z.object({ a: z.array(z.string().url()) });", "z.object({ a: z.array(z.url()) });"],
])("%s becomes %s", (before, expected) => {
  expect(after(load + before)).toBe(load + expected);
});

test.each([
  ["import z from 'zod'; z.record(z.any());", "import z from 'zod'; z.record(z.string(), z.any());"],
  ["import * as zod from 'zod'; zod.z.nativeEnum(E);", "import * as zod from 'zod'; zod.z.enum(E);"],
  ["const { z } = require('zod'); z.nativeEnum(E);", "const { z } = require('zod'); z.enum(E);"],
])("%s becomes %s", (before, expected) => {
  expect(after(before, "a.js")).toBe(expected);
});

test.each([
  "z.record(z.string(), z.number());",
  "z.string().min(1).email();",
  "z.string({ message: 'a' }).email();",
  "z.string().default('a');",
  "z.object({ required_error: z.string() });",
  "f(e.errors);",
  "if (e instanceof z.ZodError) () => e.errors;",
  "(z) => z.nativeEnum(E);",
])("%s is left alone", (text) => {
  expect(after(load + text)).toBe("unchanged");
});

test("other versions and packages are left alone", () => {
  expect(after("import { z } from 'zod/v3'; z.nativeEnum(E); 'zod';")).toBe("unchanged");
  expect(after("import { z } from './zod'; z.nativeEnum(E); 'zod';")).toBe("unchanged");
});

test.each([
  ["z.record(key, z.number());", "z.record stays: whether its keys are an enum is not written here"],
  ["z.object({}, { required_error: 'a' });", "required_error stays: its schema reports more than a wrong type"],
  ["z.string({ required_error: a });", "required_error stays: it is no string"],
  ["z.string({ errorMap: a });", "errorMap stays: an error function has another shape"],
  ["z.string({ ...a, required_error: 'a' });", "required_error stays: the options hold other messages as well"],
  ["z.string().ip();", ".ip() stays: use z.ipv4(), z.ipv6() or both"],
  ["z.object({}).deepPartial();", ".deepPartial() stays: nothing takes its place"],
  ["z.function().args(z.string());", ".args() stays: z.function() takes its input and output as options"],
])("%s is refused", (text, reason) => {
  expect(after(load + text)).toBe(`skipped: ${reason} (line 1)`);
});

test("a file of a package without zod is skipped", () => {
  expect(afterText(zod3To4, `${load}z.nativeEnum(E);`)).toMatch(/needs zod/);
});

/** What a schema says of a value: the result, or the messages of what is wrong. */
function verdictOf(
  schema: {
    safeParse(value: unknown): { success: boolean; data?: unknown; error?: { issues: { message: string }[] } };
  },
  value: unknown,
) {
  const result = schema.safeParse(value);
  return result.success ? { data: result.data } : { messages: result.error?.issues.length };
}

const ids = [
  "a@b.co",
  "https://a.example",
  "00000000-0000-0000-0000-000000000001",
  "2020-01-01T00:00:00Z",
  "",
  1,
  undefined,
];

test.each([
  [() => z3.string().email(), () => z.email()],
  [() => z3.string().uuid(), () => z.guid()],
  [() => z3.string().datetime(), () => z.iso.datetime()],
  [() => z3.record(z3.number()), () => z.record(z.string(), z.number())],
  [() => z3.record(z3.enum(["a", "b"]), z3.number()), () => z.partialRecord(z.enum(["a", "b"]), z.number())],
  [() => z3.string().transform(Number).default("1"), () => z.string().transform(Number).prefault("1")],
])("pair %# says the same in both versions", (old, now) => {
  for (const value of [...ids, {}, { a: 1 }, { c: 1 }, { a: "x" }])
    expect(verdictOf(now(), value)).toEqual(verdictOf(old(), value));
});

test("the messages of version 3 come for the same values", () => {
  const old = z3.string({ required_error: "a", invalid_type_error: "b" }).min(2, "c").email();
  const now = z
    .string({
      error: (issue) => (issue.input === undefined ? "a" : issue.code === "invalid_type" ? "b" : undefined),
    })
    .min(2, "c")
    .email();
  for (const value of [undefined, null, 1, "x"]) {
    expect(now.safeParse(value).error?.issues[0]?.message).toBe(old.safeParse(value).error?.issues[0]?.message);
  }
  expect(now.safeParse("xy").error?.issues[0]?.message).toBe("Invalid email address");
});
