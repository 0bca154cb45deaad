import fc from "fast-check";
import { expect, test } from "vitest";
import type { Redactor } from "../../schema/process-port.ts";
import { createSecretScanner } from "../secret-scanner.ts";
import { createRedactor } from "./redactor.ts";

const pem = [
  "-----BEGIN PRIVATE KEY-----",
  `MII${"EvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"}`,
  ...Array.from({ length: 8 }, () => "MzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu"),
  "-----END PRIVATE KEY-----",
].join("\n");

/** Built from pieces, so that this file holds no credential. */
const unknownSecrets = {
  aws: `${"Zx9/Kq+7Lm".repeat(3)}Tb4vNc8wRy`,
  github: `ghp_${"a1B2c3".repeat(6)}`,
  slack: ["xoxb", "123456789012", "123456789012", "AbCdEfGhIjKlMnOpQrStUvWx"].join("-"),
  openai: `sk-proj-${"f3A9_k".repeat(8)}`,
  npm: `npm_${"a1B2c3".repeat(6)}`,
  basic: "Pw9-basic-auth",
  url: "p~ss9word!",
  password: "hunter2hunter2",
  bearer: `v2.${"aB3x".repeat(6)}`,
  jwt: `eyJ${"hbGciOi".repeat(2)}.eyJ${"zdWIiOi".repeat(4)}.${"dozjgNry".repeat(4)}`,
  pem,
} as const;

const unknownIn: Record<keyof typeof unknownSecrets, string> = {
  aws: `aws_secret_access_key = "${unknownSecrets.aws}"`,
  github: unknownSecrets.github,
  slack: unknownSecrets.slack,
  openai: unknownSecrets.openai,
  npm: unknownSecrets.npm,
  basic: `https://robot:${unknownSecrets.basic}@registry.example.net/x`,
  url: `redis://:${unknownSecrets.url}@cache:6379`,
  password: `DB_PASSWORD=${unknownSecrets.password}`,
  bearer: `Authorization: Bearer ${unknownSecrets.bearer}`,
  jwt: unknownSecrets.jwt,
  pem,
};

const value = 'S3cr/et+"va\\lue <&> ü\tz';

function encodings(secret: string): Record<string, string> {
  const bytes = Buffer.from(secret);
  const once = JSON.stringify(secret).slice(1, -1);
  return {
    plain: secret,
    "base64 at offset 0": bytes.toString("base64"),
    "base64 at offset 1": Buffer.concat([Buffer.from("a"), bytes, Buffer.from("zz")]).toString("base64"),
    "base64 at offset 2": Buffer.concat([Buffer.from("ab"), bytes, Buffer.from("z")]).toString("base64"),
    base64url: bytes.toString("base64url"),
    "base64url at offset 2": Buffer.concat([Buffer.from("ab"), bytes]).toString("base64url"),
    "base64 in indented lines": bytes.toString("base64").replace(/.{10}(?=.)/g, "$&\n  "),
    "base64 in lines, as json": bytes.toString("base64").replace(/.{4}(?=.)/g, "$&\\r\\n"),
    hex: bytes.toString("hex"),
    "hex in lines": bytes.toString("hex").replace(/.{16}(?=.)/g, "$&\r\n"),
    "upper hex": bytes.toString("hex").toUpperCase(),
    "json once": once,
    "json twice": JSON.stringify(once).slice(1, -1),
    "json with escaped slash": once.replaceAll("/", "\\/"),
    "json in ascii": once.replaceAll("ü", "\\u00fc").replaceAll("<", "\\u003C"),
    url: encodeURIComponent(secret),
    "url with every byte written in hex": [...bytes].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join(""),
    "json with every unit written in hex": secret
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
    "url in lower case": encodeURIComponent(secret).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    "url with bare slashes": encodeURIComponent(secret).replaceAll("%2F", "/"),
    form: new URLSearchParams([["k", secret]]).toString().slice(2),
    "url twice": encodeURIComponent(encodeURIComponent(secret)),
    html: secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    "html in numbers": secret.replaceAll("&", "&#38;").replaceAll('"', "&#34;").replaceAll("<", "&#x3c;"),
  };
}

async function makeRedactor(values: Record<string, string> = {}): Promise<Redactor> {
  const redactor = createRedactor({ scanner: await createSecretScanner() });
  for (const [name, secret] of Object.entries(values)) redactor.register(name, secret);
  return redactor;
}

test.each(Object.entries(unknownIn))("a secret nobody registered is replaced: %s", async (name, text) => {
  const redactor = await makeRedactor();
  const redacted = await redactor.text(`before ${text} after`);
  expect(redacted).toMatch(/^before .*\[redacted:[a-z-]+\].* after$/);
  expect(redacted).not.toContain(Object.entries(unknownSecrets).find(([key]) => key === name)?.[1]);
});

test.each(Object.entries(encodings(value)))("a registered value is replaced: %s", async (name, encoded) => {
  const redactor = await makeRedactor({ API_KEY: value });
  const redacted = await redactor.text(`before:${encoded}:after`);
  if (name.startsWith("base64"))
    expect(redacted).toMatch(/^before:[\w+/]{0,3}\[redacted:API_KEY\][\w+/-]{0,5}={0,2}:after$/);
  else expect(redacted).toBe("before:[redacted:API_KEY]:after");
});

test("a value of several lines is replaced whole, with other line ends, and line by line", async () => {
  const lines = ["first-line-of-a-long-secret", "second-line-of-a-long-secret", "short"];
  const redactor = await makeRedactor({ KEY: `${lines.join("\n")}\n` });
  expect(await redactor.text(`<${lines.join("\n")}>`)).toBe("<[redacted:KEY]>");
  expect(await redactor.text(`<${lines.join("\r\n")}>`)).toBe("<[redacted:KEY]>");
  expect(await redactor.text(`    ${lines[0]}\n    ${lines[1]}\n`)).toBe("    [redacted:KEY]\n    [redacted:KEY]\n");
});

test("a value of 100 KB is replaced as one", async () => {
  const long = Array.from({ length: 12_500 }, (_, index) => (index * 7919).toString(36).padStart(8, "q")).join("");
  const redactor = await makeRedactor({ BIG: long });
  expect(await redactor.text(`<${long}>`)).toBe("<[redacted:BIG]>");
  expect(await redactor.text(`<${encodeURIComponent(long)}>`)).toBe("<[redacted:BIG]>");
});

test("a value of many backslashes is searched for in no time", async () => {
  const redactor = await makeRedactor({ KEY: `begin${"\\".repeat(60)}"'/end` });
  expect(await redactor.text(`begin${"\\".repeat(5000)}`)).toBe(`begin${"\\".repeat(5000)}`);
  expect(await redactor.text(`begin${"\\".repeat(120)}\\"'/end`)).toBe("[redacted:KEY]");
});

test("values that overlap leave nothing of either", async () => {
  const redactor = await makeRedactor({ A: "abcdefgh", B: "fghijklm", C: "abcdefghijkl" });
  expect(await redactor.text("<abcdefghijklm>")).toBe("<[redacted:C]>");
});

test("a value of more than twelve characters is replaced in any case of its letters, a shorter one as it is", async () => {
  const redactor = createRedactor({ scanner: { scan: async () => [] } });
  redactor.register("LONG", "Zq9-value-AA7");
  redactor.register("SHORT", "Zq9-value-AA");
  expect(await redactor.text("x ZQ9-VALUE-AA7 y zq9-value-aa7 z ZQ9-VALUE-AA")).toBe(
    "x [redacted:LONG] y [redacted:LONG] z ZQ9-VALUE-AA",
  );
});

test("values under six characters are ignored", async () => {
  const redactor = await makeRedactor({ SHORT: "abcde", BLANK: "   a    " });
  expect(await redactor.text("abcde a")).toBe("abcde a");
});

test("a name that is not fit for a marker, or holds the value, is changed", async () => {
  const redactor = await makeRedactor({ "a name]": "value-one", "token value-two": "value-two" });
  expect(await redactor.text("value-one value-two")).toBe("[redacted:a-name-] [redacted:secret]");
});

test("ordinary text, hashes, code and ids stay as they are", async () => {
  const redactor = await makeRedactor();
  const text = [
    `commit ${"9f86d081".repeat(5)} tree ${"0a1b".repeat(10)} sha512-${"Ab1+".repeat(21)}==`,
    "run 20261121t104735123z-9f86d081884c call_0123456789abcdef01234567",
    "const password = readPassword(); const apiKey = options?.apiKey ?? env.KEY_2; type T = { password: string };",
    "password: z.string().min(8), secret: sha256sum(data), token=$" + "{TOKEN1}, pwd: '/usr/lib',",
    "PWD=/srv/build_1/x OLDPWD=/srv/2 pwd: a-b-1 PRIVATE_KEY=./keys/dev1.pem secret: /run/secrets/db1",
    "https://example.com:8080/a@b http://user@host/ git@host:owner/repo.git ws://[::1]:9/x@y",
    "Bearer authentication is required; Basic understanding-of-things; task-0123456789012345678901234567890123456789",
  ].join("\n");
  expect(await redactor.text(text)).toBe(text);
});

test("a marker that stands there already is never touched", async () => {
  const redactor = await makeRedactor({ redacted: "redacted", WORD: "password-is" });
  const text = "password=[redacted:other-run_1] postgres://u:[redacted:X9]@host/db [redacted:github]";
  expect(await redactor.text(text)).toBe(text);
});

test("a secret written as the name of a marker is replaced all the same", async () => {
  const redactor = await makeRedactor({ KEY: "registered-value" });
  const text = `[redacted:${unknownSecrets.github}] [redacted:x-registered-value]`;
  expect(await redactor.text(text)).toBe("[redacted:[redacted:github]] [redacted:x-[redacted:KEY]]");
});

test("a secret that shows only when its neighbour is gone is replaced too", async () => {
  const redactor = await makeRedactor({ KEY: "neighbour1" });
  expect(await redactor.text(`${unknownSecrets.github}neighbour1`)).toBe("[redacted:github][redacted:KEY]");
});

const pieces = fc.oneof(
  fc.string(),
  fc.constantFrom(...Object.values(unknownIn), ...Object.values(encodings(value)), ...Object.values(unknownSecrets)),
  fc.constantFrom(
    "[redacted:",
    "]",
    "[redacted:KEY]",
    "[redacted:else]",
    "\n",
    "\\n",
    "%20",
    "password=",
    "://u:",
    "@",
    " ",
  ),
);
const texts = fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join(""));

test("redacting twice is the same as once, for texts and for documents", async () => {
  const redactor = await makeRedactor({ KEY: value, OTHER: "neighbour1" });
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const once = await redactor.text(text);
      expect(await redactor.text(once)).toBe(once);
    }),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(fc.dictionary(texts, fc.oneof(texts, fc.array(texts), fc.integer())), async (document) => {
      const once = await redactor.json(document);
      expect(await redactor.json(once)).toBe(once);
      expect(Object.keys(once)).toHaveLength(Object.keys(document).length);
    }),
    { numRuns: 200 },
  );
});

test("a document without secrets comes back as the same object", async () => {
  const redactor = await makeRedactor({ KEY: value });
  const document = { name: "edit", lines: ["a", "b"], deep: { count: 3, none: null, flag: true }, empty: {} };
  expect(await redactor.json(document)).toBe(document);
  expect(await redactor.json("text")).toBe("text");
  expect(await redactor.json(7)).toBe(7);
});

test("in a document strings and keys are redacted at any depth and the rest is shared", async () => {
  const redactor = await makeRedactor({ KEY: "registered-value" });
  const document = {
    kept: { a: [1] },
    list: ["x registered-value", { "registered-value": 1, "a-registered-value": 2 }],
  };
  const redacted = await redactor.json(document);
  expect(redacted).toEqual({
    kept: { a: [1] },
    list: ["x [redacted:KEY]", { "[redacted:KEY]": 1, "a-[redacted:KEY]": 2 }],
  });
  expect(redacted.kept).toBe(document.kept);
});

test("in a document a key says what its string is, and lines of a list are seen as one text", async () => {
  const redactor = await makeRedactor();
  expect(await redactor.json({ password: unknownSecrets.password, aws_secret_access_key: unknownSecrets.aws })).toEqual(
    {
      password: "[redacted:password]",
      aws_secret_access_key: "[redacted:aws]",
    },
  );
  expect(JSON.stringify(await redactor.json(pem.split("\n")))).not.toContain("MzEfYyji");
});

test("keys that become the same marker both stay, and a key named __proto__ is an ordinary key", async () => {
  const redactor = await makeRedactor({ KEY: "registered-value" });
  expect(await redactor.json({ "registered-value": 1, "[redacted:KEY]": 2 })).toEqual({
    "[redacted:KEY]": 1,
    "[redacted:KEY]-2": 2,
  });
  const hostile: unknown = JSON.parse('{"__proto__": {"a": "registered-value"}}');
  expect(JSON.stringify(await redactor.json(hostile))).toBe('{"__proto__":{"a":"[redacted:KEY]"}}');
});

test("a document nested too deep is withheld from there on", async () => {
  const redactor = await makeRedactor();
  const deep: unknown = JSON.parse(`${"[".repeat(5000)}"x"${"]".repeat(5000)}`);
  expect(JSON.stringify(await redactor.json(deep))).toBe(`${"[".repeat(200)}"[redacted:withheld]"${"]".repeat(200)}`);
});

async function pushAll(redactor: Redactor, chunks: readonly Uint8Array[]): Promise<string> {
  const stream = redactor.stream();
  let output = "";
  for (const chunk of chunks) output += await stream.push(chunk);
  return output + (await stream.end());
}

const registered = { API_KEY: value, OTHER: "neighbour1" };
const allSecrets = [...Object.values(unknownIn), ...Object.values(encodings(value))];

test("a stream split in two at any byte says what the whole text says", async () => {
  const redactor = await makeRedactor(registered);
  for (const secret of allSecrets) {
    const text = `é ${secret} ü`;
    const bytes = Buffer.from(text);
    const whole = await redactor.text(text);
    for (let at = 0; at <= bytes.length; at++) {
      expect(await pushAll(redactor, [bytes.subarray(0, at), bytes.subarray(at)])).toBe(whole);
    }
  }
});

test("a stream of single bytes says what the whole text says", async () => {
  const redactor = await makeRedactor(registered);
  const text = allSecrets.join(" 😀 ");
  const bytes = Buffer.from(text);
  const chunks = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1));
  expect(await pushAll(redactor, chunks)).toBe(await redactor.text(text));
});

const filler = "... ".repeat(240_000);
const chunkSize = 30_000;

/** Where a stream in chunks of `chunkSize` gives out text, as far as it was given out before its end. */
async function seamsOf(redactor: Redactor, length: number): Promise<number[]> {
  const stream = redactor.stream();
  const seams = new Set<number>();
  let given = 0;
  for (const chunk of chunksOf(Buffer.from(filler.slice(0, length)))) {
    given += (await stream.push(chunk)).length;
    seams.add(given);
  }
  return [...seams].filter((seam) => seam > 0);
}

test("a secret that lies on the place where a long stream gives out text is found, at every offset", async () => {
  const redactor = await makeRedactor(registered);
  const seams = await seamsOf(redactor, 900_000);
  expect(seams.length).toBeGreaterThan(10);
  const places = Object.values(unknownIn)
    .filter((secret) => secret !== pem)
    .flatMap((secret) => offsetsIn(secret, 1))
    .concat(Object.values(encodings(value)).flatMap((secret) => offsetsIn(secret, 9)));
  for (let first = 0; first < places.length; first += seams.length) {
    const batch = places.slice(first, first + seams.length);
    let text = "";
    for (const [index, { secret, before }] of batch.entries()) {
      text += `${filler.slice(text.length, (seams[index] ?? 0) - before - 1)} ${secret} `;
    }
    const output = await pushAll(redactor, chunksOf(Buffer.from(text + filler.slice(0, 20_000))));
    expect(output.match(/\[redacted:[A-Za-z_-]+\]/g)).toHaveLength(batch.length);
  }
});

function offsetsIn(secret: string, step: number): { secret: string; before: number }[] {
  return Array.from({ length: Math.ceil((secret.length + 1) / step) }, (_, index) => ({
    secret,
    before: index * step,
  }));
}

test("a private key that lies on such a place is found", async () => {
  const redactor = await makeRedactor();
  const [seam = 0] = await seamsOf(redactor, 200_000);
  for (let shift = 0; shift < pem.length; shift += 29) {
    const text = `${filler.slice(0, seam - shift)}\n${pem}\n${filler.slice(0, 40_000)}`;
    const output = await pushAll(redactor, chunksOf(Buffer.from(text)));
    expect(output === text.replace(pem, "[redacted:privatekey]")).toBe(true);
  }
});

test("a stream keeps what is no UTF-8 readable and never loses a byte order mark", async () => {
  const redactor = await makeRedactor();
  expect(await pushAll(redactor, [Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff]), Buffer.from([0xc3])])).toBe(
    "\ufeffa\ufffd\ufffd",
  );
});

function chunksOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / chunkSize) }, (_, index) =>
    bytes.subarray(index * chunkSize, (index + 1) * chunkSize),
  );
}

test("a document that was clean by itself is clean in an event, and what stands beside it is still found", async () => {
  const redactor = createRedactor({ scanner: await createSecretScanner() });
  const document = {
    tree: "ab".repeat(20),
    lines: Array.from({ length: 20 }, (_, line) => `line ${line} of a report`),
  };
  expect(await redactor.json(document)).toBe(document);
  const event = { payload: { before: unknownIn.github, document, after: { password: "hunter2hunter2", document } } };
  expect(await redactor.json(event)).toEqual({
    payload: { before: "[redacted:github]", document, after: { password: "[redacted:password]", document } },
  });
});

test("a document that was clean is looked at again when a value in it becomes known", async () => {
  const redactor = createRedactor({ scanner: await createSecretScanner() });
  const document = { text: `${"a line that says nothing. ".repeat(6)} plainword ` };
  const event = { payload: { document } };
  await redactor.json(document);
  expect(await redactor.json(event)).toBe(event);
  redactor.register("WORD", "plainword");
  expect(JSON.stringify(await redactor.json(event))).toContain("[redacted:WORD]");
});

test("what was remembered changes no answer", async () => {
  const scanner = await createSecretScanner();
  const used = createRedactor({ scanner });
  const piece = fc.constantFrom("plain", "a: b", "x".repeat(120), ...Object.values(unknownIn));
  const document = fc.dictionary(
    fc.constantFrom("a", "b", "password"),
    fc.oneof(piece, fc.array(piece, { maxLength: 3 })),
  );
  await fc.assert(
    fc.asyncProperty(document, piece, async (inner, beside) => {
      const event = { payload: { evidence: await used.json(inner), beside } };
      expect(await used.json(event)).toEqual(await createRedactor({ scanner }).json(event));
    }),
    { numRuns: 60 },
  );
});
