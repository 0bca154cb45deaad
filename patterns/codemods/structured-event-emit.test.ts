import { expect, test } from "vitest";
import { checkText, transformText } from "../engine/run-codemod.ts";
import { structuredEventEmit } from "./structured-event-emit.ts";

function after(text: string, path = "a.js"): string {
  const result = transformText(structuredEventEmit, path, text);
  if (result.status === "skipped") return `skipped: ${result.reason}`;
  return result.status === "changed" ? result.after : "unchanged";
}

test.each([
  ["bus.emit('a', b)", "bus.emit({ type: 'a', payload: b })"],
  ["bus.emit('a', payload)", "bus.emit({ type: 'a', payload })"],
  ["bus.emit('a')", "bus.emit({ type: 'a' })"],
  ["bus.emit('a', b,)", "bus.emit({ type: 'a', payload: b },)"],
  ["bus.emit('a', payload.payload)", "bus.emit({ type: 'a', payload: payload.payload })"],
  ["bus.emit('a', (payload))", "bus.emit({ type: 'a', payload: (payload) })"],
  ["bus.emit('a', p\\u0061yload)", "bus.emit({ type: 'a', payload: p\\u0061yload })"],
  ["bus.emit('a\\x62', b = c)", "bus.emit({ type: 'a\\x62', payload: b = c })"],
  ["bus.emit('a', () => {})", "bus.emit({ type: 'a', payload: () => {} })"],
  ["async () => bus.emit('a', await b)", "async () => bus.emit({ type: 'a', payload: await b })"],
  ["eventBus.emit('😀', '😀')", "eventBus.emit({ type: '😀', payload: '😀' })"],
  ["this.events.emit('a', 1)", "this.events.emit({ type: 'a', payload: 1 })"],
  ["get().bus?.emit('a', 1)", "get().bus?.emit({ type: 'a', payload: 1 })"],
  [
    "bus.emit('a', bus.emit('b', bus.emit('c')))",
    "bus.emit({ type: 'a', payload: bus.emit({ type: 'b', payload: bus.emit({ type: 'c' }) }) })",
  ],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test.each([
  "bus.emit({ type: 'a' })",
  "bus.emit(a, b)",
  "bus.emit(`a`, b)",
  "bus.emit(1, b)",
  "bus.emit('a', b, c)",
  "bus.emit('a', ...b)",
  "bus.emit(...b)",
  "bus.emit()",
  "bus['emit']('a')",
  "bus.emit.call(bus, 'a')",
  "new bus.emit('a')",
  "bus.emitted('a'); bus.emit",
  "omnibus.emit('a'); bus",
  "bus.socket.emit('a')",
  "'bus'; emit('a', b)",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test("a local bus that shadows one of the file's own is another bus", () => {
  expect(after("import { bus } from 'b'; (bus) => bus.emit('a');")).toBe("unchanged");
  expect(after("import { bus } from 'b'; { const bus = usb(); bus.emit('a'); } bus.emit('b');")).toBe(
    "import { bus } from 'b'; { const bus = usb(); bus.emit('a'); } bus.emit({ type: 'b' });",
  );
  expect(after("({ bus }) => bus.emit('a');")).toBe("({ bus }) => bus.emit({ type: 'a' });");
});

test.each([
  "const bus = new EventEmitter(); bus.emit('a');",
  "const bus: Bus = new events.EventEmitter(); bus.emit('a');",
  "class A { private bus = new Emitter(); b() { this.bus.emit('a'); } }",
  "class A { constructor() { this.bus = new EventEmitter3(); this.bus.emit('a'); } }",
])("a plain emitter is refused: %s", (text) => {
  expect(after(text, "a.ts")).toBe("skipped: bus is a plain emitter, which dispatches by its first argument (line 1)");
});

test("a bus within reach of with is refused", () => {
  expect(after("with (x) bus.emit('a');")).toBe("skipped: bus may be shadowed by with or eval (line 1)");
});

test("one call is one finding, whatever it takes to change it", () => {
  expect(
    checkText(structuredEventEmit, "a.js", "bus.emit('a', 1);\nbus.emit('b', bus.emit('c'));").map(({ line }) => line),
  ).toEqual([1, 2, 2]);
});
