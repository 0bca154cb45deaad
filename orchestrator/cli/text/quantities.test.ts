import { expect, test } from "vitest";
import { countOf, formatBytes, formatCost, formatDuration, formatTime } from "./quantities.ts";

test.each([
  [0.04, "0.0 s"],
  [9.94, "9.9 s"],
  [42.4, "42 s"],
  [59.7, "1 min 00 s"],
  [185, "3 min 05 s"],
  [7500, "2 h 05 min"],
])("%d seconds are %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1536, "1.5 KiB"],
  [5 * 1024 ** 2, "5.0 MiB"],
  [3 * 1024 ** 4, "3072.0 GiB"],
])("%d bytes are %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));

test("one is singular, more have commas", () => {
  expect([countOf(1, "file"), countOf(0, "file"), countOf(12_345, "file")]).toEqual([
    "1 file",
    "0 files",
    "12,345 files",
  ]);
});

test("a small sum of money is not shown as nothing", () => {
  expect([formatCost(0), formatCost(0.0042), formatCost(1.5)]).toEqual(["$0.00", "$0.0042", "$1.50"]);
});

test("a timestamp stays in UTC, whatever the time zone", () => {
  expect(formatTime("2026-01-02T03:04:05.678Z")).toBe("2026-01-02 03:04:05Z");
});
