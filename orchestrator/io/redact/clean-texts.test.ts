import { expect, test } from "vitest";
import { createCleanTexts } from "./clean-texts.ts";

test("a text is remembered until all is forgotten", () => {
  const clean = createCleanTexts();
  clean.begin()("a");
  expect(clean.has("a")).toBe(true);
  clean.clear();
  expect(clean.has("a")).toBe(false);
});

test("a text that was begun before all was forgotten is not remembered", () => {
  const clean = createCleanTexts();
  const remember = clean.begin();
  clean.clear();
  remember("a");
  expect(clean.has("a")).toBe(false);
});

test("the oldest texts make room, and what is too long is never kept", () => {
  const clean = createCleanTexts();
  const texts = Array.from({ length: 30 }, (_, index) => `${index}`.padEnd(10_000));
  for (const text of texts) clean.begin()(text);
  expect(texts.map((text) => clean.has(text))).toEqual(texts.map((_, index) => index >= 4));
  clean.begin()("x".repeat(300_000));
  expect(clean.has("x".repeat(300_000))).toBe(false);
  expect(clean.has(texts[29] ?? "")).toBe(true);
});
