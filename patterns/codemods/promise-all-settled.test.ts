import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { promiseAllSettled } from "./promise-all-settled.ts";

const after = (text: string, path?: string) => afterText(promiseAllSettled, text, path);
const ok = "(value) => ({ status: 'fulfilled', value })";
const no = "(reason) => ({ status: 'rejected', reason })";

test.each([
  [`Promise.all(xs.map((x) => f(x).then(${ok}, ${no})));`, "Promise.allSettled(xs.map((x) => f(x)));"],
  [`Promise.all(xs.map(p => p.then(${ok}, ${no})));`, "Promise.allSettled(xs);"],
  [
    `await Promise.all(get().map((x) => f(x).then(${ok}).catch(${no})));`,
    "await Promise.allSettled(get().map((x) => f(x)));",
  ],
  [
    "Promise.all(xs.map((x) => f(x).then(v => ({ value: v, status: \"fulfilled\" }), e => ({ status: 'rejected', reason: e }))));",
    "Promise.allSettled(xs.map((x) => f(x)));",
  ],
  [
    "Promise.all(xs.map(async (x) => { try { return { status: 'fulfilled', value: await f(x) }; } catch (e) { return { status: 'rejected', reason: e }; } }));",
    "Promise.allSettled(xs.map(async (x) => f(x)));",
  ],
  ["const allSettled = require('promise.allsettled');\nallSettled(xs).then(f);\n", "Promise.allSettled(xs).then(f);\n"],
  ["import settle from 'promise.allsettled';\nawait settle([a, b]);\n", "await Promise.allSettled([a, b]);\n"],
])("%s becomes %s", (before, expected) => {
  expect(after(before)).toBe(expected);
});

test.each([
  `Promise.all(xs.map((x) => x.catch(() => ({ status: 'rejected' }))));`,
  `Promise.all(xs.map((x) => x.then((value) => ({ state: 'fulfilled', value }), ${no})));`,
  `Promise.all(xs.map((x) => x.then((value) => ({ status: 'fulfilled', value: 1 }), ${no})));`,
  `Promise.all(xs.map((x) => x.then((value) => ({ status: 'fulfilled', value, x }), ${no})));`,
  `Promise.all(xs.map((x, i) => f(x, i).then(${ok}, ${no})));`.replace("(x, i) =>", "(x, i) =>"),
  `Promise.race(xs.map((x) => x.then(${ok}, ${no})));`,
  `(Promise) => Promise.all(xs.map((x) => x.then(${ok}, ${no})));`,
  `import Promise from 'bluebird'; Promise.all(xs.map((x) => x.then(${ok}, ${no})));`,
  `Promise.all(xs.map((x) => { g(); return x.then(${ok}, ${no}); }));`,
  `Promise.all(xs.map((x) => f(x) /* a */ .then(${ok}, ${no})));`,
  "import { allSettled } from 'rsvp'; allSettled(xs); Promise; 'rejected';",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

test.each([
  ["const s = require('promise.allsettled'); s.call(Promise, xs);", "only its plain calls can be replaced"],
  ["const s = require('promise.allsettled'); f(s);", "only its plain calls can be replaced"],
  ["const s = require('promise.allsettled'); s.shim();", "only its plain calls can be replaced"],
  ["const s = require('promise.allsettled'); { const Promise = a; s(xs); }", "Promise is another one here"],
])("%s is refused", (text, reason) => {
  expect(after(text)).toContain(`skipped: promise.allsettled stays: ${reason}`);
});
