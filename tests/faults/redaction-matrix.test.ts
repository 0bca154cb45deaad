import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { credentialFormats } from "../../orchestrator/io/redact/fixtures/credential-formats.ts";
import { createRedactor } from "../../orchestrator/io/redact/redactor.ts";
import { createSecretScanner } from "../../orchestrator/io/secret-scanner.ts";
import type { Redactor, SecretScanner } from "../../orchestrator/schema/process-port.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { buildSummary, greeting, honestTeam } from "../support/honest-team.ts";
import { call, inTurns, say, startModelServer } from "../support/model-server.ts";
import { createPipelinePlayground, node } from "../support/pipeline-playground.ts";
import { allBytes, createPlayground } from "../support/playground.ts";
import { samplePackage } from "../support/sample-package.ts";
import { sampleTask } from "../support/sample-task.ts";

const formats = credentialFormats();
const encodings: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  base64: (text) => Buffer.from(text).toString("base64"),
  url: encodeURIComponent,
  "json-escaped": escapeJson,
};

let scanner: SecretScanner;
beforeAll(async () => {
  expect(formats.length).toBeGreaterThanOrEqual(40);
  scanner = await createSecretScanner();
});

describe.each(Object.keys(encodings))("encoded as %s", (encoding) => {
  const encode = encodings[encoding] ?? escapeJson;

  test.each(formats)(
    "a $name that is known shows in no text, document or stream, wherever a chunk ends",
    async ({ secret }) => {
      const redactor = createRedactor({ scanner: { scan: async () => [] } });
      redactor.register("KNOWN", secret);
      const text = `before ${encode(secret)} after`;
      expect(leaks(await redactor.text(text), secret, encode)).toEqual([]);
      expect(leaks(JSON.stringify(await redactor.json({ [text]: [text] })), secret, encode)).toEqual([]);
      const bytes = Buffer.from(text);
      for (let at = 0; at <= bytes.length; at += 1) {
        expect(
          leaks(await throughStream(redactor, [bytes.subarray(0, at), bytes.subarray(at)]), secret, encode),
          `${at}`,
        ).toEqual([]);
      }
    },
  );
});

test.each(formats)(
  "a $name that nobody registered shows neither plain nor escaped, wherever a chunk ends",
  async ({ secret, text }) => {
    const redactor = createRedactor({ scanner });
    for (const shown of [`before ${text} after`, JSON.stringify({ said: `before ${text} after` })]) {
      expect(leaks(await redactor.text(shown), secret)).toEqual([]);
      const bytes = Buffer.from(shown);
      const step = Math.max(1, Math.floor(bytes.length / 40));
      for (let at = 0; at <= bytes.length; at += step) {
        expect(leaks(await throughStream(redactor, [bytes.subarray(0, at), bytes.subarray(at)]), secret)).toEqual([]);
      }
    }
    expect(leaks(JSON.stringify(await redactor.json({ said: text, [`key ${text}`]: 1 })), secret)).toEqual([]);
  },
);

test("a credential that comes byte by byte is replaced in the stream", async () => {
  const redactor = createRedactor({ scanner });
  for (const { secret, text } of formats) {
    const bytes = Buffer.from(`before ${text} after`);
    const chunks = Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
    expect(leaks(await throughStream(redactor, chunks), secret)).toEqual([]);
  }
});

test("a mebibyte made of tokens is withheld within seconds", async () => {
  const redactor = createRedactor({ scanner });
  const token = formats.find(({ name }) => name === "GitHub classic token")?.secret ?? "";
  const text = `${token}\n`.repeat(Math.ceil(1_048_576 / (token.length + 1)));
  const startedMs = performance.now();
  const redacted = await redactor.text(text);
  expect(performance.now() - startedMs).toBeLessThan(20_000);
  expect(leaks(redacted, token)).toEqual([]);
  expect(redacted).toContain("[redacted:");
});

/** Every format at once, known in the environment and unknown, through a whole run of each kind. */
test("in a pipeline no credential from stdout, stderr, an error or the name of a file reaches the disk", async () => {
  const known = knownValues();
  const file = join(temporaryFolder("values"), "values.json");
  const script = `
const values = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
for (const { text, isKnown } of values) {
  for (const shown of [text, JSON.stringify(text)]) { console.log(shown); console.error(shown); }
  if (isKnown) console.log(encodeURIComponent(text), Buffer.from(text).toString("base64"));
}
for (const { text } of values) try { require("node:fs").readFileSync("/none/" + text); } catch (error) { console.error(error); }
throw new Error("thrown: " + values.map(({ text }) => text).join(" "));`;
  const values = [
    ...formats.map(({ text }) => ({ text, isKnown: false })),
    ...Object.values(known).map((text) => ({ text, isKnown: true })),
  ];
  writeFileSync(file, JSON.stringify(values));
  const playground = createPipelinePlayground([{ name: "leaks", argv: [...node(script), file] }]);
  const run = await (await playground.pipelines({}, known)).start({ name: "own" });
  expect((await run.finished()).status).toBe("refused");
  expect(leaksIn(allBytes(join(playground.repository, ".runs")), known)).toEqual([]);
  expect(await playground.problems(run.key)).toEqual([]);
});

test("a pipeline whose arguments hold a credential is refused, and nothing of it reaches the disk", async () => {
  const known = knownValues();
  for (const secret of [...formats.map(({ text }) => text), ...Object.values(known)]) {
    const playground = createPipelinePlayground([{ name: "leaks", argv: ["echo", secret] }]);
    const pipelines = await playground.pipelines({}, known);
    await expect(pipelines.start({ name: "own" }), secret.slice(0, 12)).rejects.toMatchObject({ code: "usage" });
    expect(existsSync(join(playground.repository, ".runs"))).toBe(false);
  }
});

test("in a run no credential in a tool's result, a model's answer, a file or an error message reaches the disk or a model", async () => {
  const known = knownValues();
  const all = [...formats.map(({ text }) => text), ...Object.values(known)];
  const lines = all.map((text) => JSON.stringify(text)).join("\n");
  const playground = createPlayground({ ...samplePackage, "src/leaks.txt": `${lines}\n` });
  const item = { id: "comma", criteria: ["done"], paths: ["src/greet.js"], pattern: null, depends_on: [] };
  const server = await startModelServer({
    ...honestTeam,
    planner: inTurns(
      call("read_file", { path: "src/leaks.txt", from_line: null }),
      ...all.slice(0, 20).map((text) => call("read_file", { path: `src/${text}`, from_line: null })),
      say({ summary: `Use ${all.join(" and ")}.`, items: [{ ...item, description: all.join(" ") }] }),
    ),
    builder: inTurns(greeting, say({ ...buildSummary, summary: all.join(" ") })),
  });
  const orchestrator = await playground.onWire(server, {}, known);
  const run = await orchestrator.run({ ...sampleTask, budget: { builder_attempts: 1, planner_attempts: 1 } });
  await run.finished();
  const kept = allBytes(join(playground.repository, ".runs"));
  const requests = server.requests().map(({ role, body }) => ({ path: `request of the ${role}`, text: body }));
  expect(requests.length).toBeGreaterThan(20);
  expect(leaksIn([...kept, ...requests], known)).toEqual([]);
  expect(await playground.problems(run.key)).toEqual([]);
});

function knownValues(): Readonly<Record<string, string>> {
  return Object.fromEntries(formats.map(({ secret }, index) => [`SECRET_${index}_TOKEN`, `known-${index}-${secret}`]));
}

/** Known values in any encoding, and what nobody registered plain or escaped. */
function leaksIn(
  shown: readonly { readonly path: string; readonly text: string }[],
  known: Readonly<Record<string, string>>,
): readonly string[] {
  return shown.flatMap(({ path, text }) =>
    [
      ...formats.flatMap(({ secret }) => leaks(text, secret)),
      ...Object.values(known).flatMap((secret) =>
        Object.values(encodings).flatMap((encode) => leaks(text, secret, encode)),
      ),
    ].map((found) => `${path}: ${found}`),
  );
}

async function throughStream(redactor: Redactor, chunks: readonly Uint8Array[]): Promise<string> {
  const stream = redactor.stream();
  let text = "";
  for (const chunk of chunks) text += await stream.push(chunk);
  return text + (await stream.end());
}

/** What of a secret can be read in a text: it, plain, escaped or as `encode` writes it, or a good part of it. */
function leaks(text: string, secret: string, encode = escapeJson): readonly string[] {
  return [secret, escapeJson(secret), encode(secret), ...partsOf(secret)].filter((form) => text.includes(form));
}

/** Pieces of 20 characters, so that a credential of which only the beginning was replaced is found. */
function partsOf(secret: string): readonly string[] {
  const lines = secret.split("\n").filter((line) => line.length >= 20 && !line.includes("-----"));
  return lines.flatMap((line) => Array.from({ length: line.length - 19 }, (_, at) => line.slice(at, at + 20)));
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
