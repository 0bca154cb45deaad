import { expect, test } from "vitest";
import { createLogger, type LoggerOptions } from "./log.ts";

function logged(options: Partial<LoggerOptions>, say: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = "";
  const stream = { write: (line: string) => (text += line) };
  const clock = { now: () => new Date("2026-11-21T10:47:35.123Z"), monotonicMs: () => 0 };
  say(createLogger({ stream, level: "info", clock, ...options }));
  return text;
}

test("a message is one line of text, with its fields, however many lines it has", () => {
  expect(logged({}, (logger) => logger.warn("first\r\n  second", { run: "r 1", tries: 2 }))).toBe(
    'warn: first second run="r 1" tries=2\n',
  );
});

test("as JSON each line is a document with time, level and message, which fields cannot replace", () => {
  const text = logged({ format: "json" }, (logger) => logger.error("broke\nhere", { level: "x", code: 4 }));
  expect(text.split("\n")).toHaveLength(2);
  expect(JSON.parse(text)).toEqual({ level: "error", code: 4, at: "2026-11-21T10:47:35.123Z", message: "broke\nhere" });
});

test("what is less urgent than the level is not said, and silent says nothing", () => {
  const all = (logger: ReturnType<typeof createLogger>) => {
    logger.debug("d");
    logger.info("i");
    logger.warn("w");
    logger.error("e");
  };
  expect(logged({}, all)).toBe("info: i\nwarn: w\nerror: e\n");
  expect(logged({ level: "debug" }, all)).toBe("debug: d\ninfo: i\nwarn: w\nerror: e\n");
  expect(logged({ level: "error" }, all)).toBe("error: e\n");
  expect(logged({ level: "silent" }, all)).toBe("");
});
