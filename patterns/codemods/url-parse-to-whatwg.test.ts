import { parse } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { afterText } from "./after-text.test-support.ts";
import { urlParseToWhatwg } from "./url-parse-to-whatwg.ts";

const after = (text: string, path?: string) => afterText(urlParseToWhatwg, text, path);
const url = "const url = require('url'); url.format(z); ";

test.each([
  ["url.parse('https://a.example/b').hostname;", "new URL('https://a.example/b').hostname;"],
  [
    "const u = url.parse('http://a.example:8080/b?c=d#e'); f(u.port, u.search, u.hash, u.href);",
    "const u = new URL('http://a.example:8080/b?c=d#e'); f(u.port, u.search, u.hash, u.href);",
  ],
  [
    `const { protocol, host: h } = url.parse(\`wss://a.example/\${b}\`);`,
    `const { protocol, host: h } = new URL(\`wss://a.example/\${b}\`);`,
  ],
  ["url.parse('https://a.example/' + b).host;", "new URL('https://a.example/' + b).host;"],
  ["const A = 'https://a.example'; url.parse(A).pathname;", "const A = 'https://a.example'; new URL(A).pathname;"],
  [
    "const http = require('http'); http.get(url.parse('http://a.example/b'), f);",
    "const http = require('http'); http.get(new URL('http://a.example/b'), f);",
  ],
])("%s becomes %s", (before, expected) => {
  expect(after(url + before)).toBe(url + expected);
});

test("an import that is no longer used goes", () => {
  expect(after("import { parse } from 'url';\nparse('https://a.example/b').host;\n")).toBe(
    "new URL('https://a.example/b').host;\n",
  );
  expect(after("import url from 'node:url';\nurl.parse('https://a.example/b').host;\n")).toBe(
    "new URL('https://a.example/b').host;\n",
  );
});

test.each([
  "import { parse } from 'query-string'; parse('https://a.example/b').host; 'url';",
  "const url = require('url'); new url.URL(a); parse;",
  "const url = require('url'); (url) => url.parse('https://a.example/').host;",
])("%s is left alone", (text) => {
  expect(after(text)).toBe("unchanged");
});

const relative = "the address may be relative, or not in its normal form";

test.each([
  ["url.parse(req.url).pathname;", relative],
  ["url.parse('/a').pathname;", relative],
  ["url.parse('https://a.example/b/../c').pathname;", relative],
  ["url.parse('https://A.example/').host;", relative],
  ["url.parse('https://a.example:443/').host;", relative],
  ["url.parse('http://127.1/').host;", relative],
  ["url.parse('https://b@a.example/').host;", relative],
  [`url.parse(\`https://\${a}/\`).host;`, relative],
  ["let a = 'https://a.example/'; url.parse(a).host;", relative],
  [`url.parse(\`https://a.example/\${b}\`).pathname;`, "pathname of its result may differ"],
  ["url.parse('https://a.example/').search;", "search of its result may differ"],
  ["url.parse('https://a.example/').query;", "query of its result may differ"],
  ["url.parse('https://a.example/', true).query;", "it has other arguments than an address"],
  ["const u = url.parse('https://a.example/'); u.host = 'b';", "its result is changed"],
  ["f(url.parse('https://a.example/'));", "its result is used as a whole"],
  ["const { host, ...rest } = url.parse('https://a.example/');", "not all that is taken from its result is the same"],
  ["xs.map(url.parse);", "only its calls can be replaced"],
  ["{ const URL = a; url.parse('https://a.example/').host; }", "URL is another one here"],
])("%s is refused: %s", (text, reason) => {
  expect(after(url + text)).toBe(`skipped: url.parse stays: ${reason} (line 1)`);
});

test("wherever an address is taken, both parsers read the same from it", () => {
  const part = fc.string({ unit: fc.constantFrom(..."ab1-._~%: @A"), maxLength: 6 });
  const address = fc
    .tuple(
      fc.constantFrom("http", "https", "ws", "ftp"),
      part,
      part,
      fc.constantFrom("", ":80", ":8080", ":99999"),
      part,
      part,
    )
    .map(([scheme, a, b, port, path, query]) => `${scheme}://${a}.${b}c${port}/${path}/${path}?${query}`);
  const simple = fc
    .tuple(fc.constantFrom("a", "a.b", "x-1.c2"), fc.constantFrom("", "/", "/a.b/c", "/a/"))
    .map(([a, b]) => `https://${a}${b}`);
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(address, simple), (text) => {
      for (const name of ["protocol", "host", "hostname", "pathname", "href", "port", "search"] as const) {
        if (!after(`${url}url.parse(${JSON.stringify(text)}).${name};`).includes("new URL")) continue;
        taken += 1;
        expect(new URL(text)[name]).toBe(parse(text)[name]);
      }
    }),
    { numRuns: 100 },
  );
  expect(taken).toBeGreaterThan(30);
});

test("a parser that the file puts in the place of Node's stays", () => {
  const text = "const url = require('url'); f(() => url.parse('https://a.b/').host); url.parse = g;";
  expect(after(text)).toBe("skipped: url.parse stays: the file gives url.parse another value (line 1, and 1 more)");
});
