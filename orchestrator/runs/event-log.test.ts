import fc from "fast-check";
import { expect, test } from "vitest";
import type { EventDraft } from "../schema/run-event.ts";
import { type EventPlace, readEventLine, sealDraft } from "./event-line.ts";
import { type SegmentBytes, scanLog } from "./event-log.ts";
import { created, modelAnswered, person, stepStarted, toolFinished } from "./fixtures/sample-run.ts";

const firstPlace: EventPlace = {
  seq: 0,
  epoch: 1,
  timestamp: "2026-01-01T00:00:00.000Z",
  held_ms: 0,
  task_id: "t",
  run_id: "r",
  prev_hash: "0".repeat(64),
};

function leased(): EventDraft {
  const payload = { holder: "h", continues: null, reason: "r", held_before_ms: null, set_aside: [] };
  return { event: "lease_acquired", actor: person, payload };
}

/** Segments of a log: `keep[n]` events of epoch n+1 before the next runner goes on; `late[n]` more that were fenced off. */
function buildLog(shape: readonly { keep: number; late: number }[]): { segments: SegmentBytes[]; hashes: string[] } {
  const segments: SegmentBytes[] = [];
  const hashes: string[] = [];
  let seq = 0;
  let prev_hash = "0".repeat(64);
  for (const [index, { keep, late }] of shape.entries()) {
    const epoch = index + 1;
    let place = { seq, prev_hash };
    const lines: Buffer[] = [];
    for (let count = 0; count < keep + late; count += 1) {
      const first = epoch === 1 ? created() : leased();
      const { event, line } = sealDraft(
        { ...firstPlace, ...place, epoch },
        count === 0 ? first : modelAnswered(`${epoch}.${count}`),
      );
      lines.push(line);
      place = { seq: place.seq + 1, prev_hash: event.hash };
      if (count < keep) {
        hashes.push(event.hash);
        ({ seq, prev_hash } = place);
      }
    }
    segments.push({ epoch, bytes: Buffer.concat(lines) });
  }
  return { segments, hashes };
}

const shapes = fc
  .array(fc.record({ keep: fc.integer({ min: 1, max: 5 }), late: fc.integer({ min: 0, max: 3 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((shape) => shape.map((one, index) => (index === shape.length - 1 ? { ...one, late: 0 } : one)));

test("events are read in order over all segments, and what was written after a take-over never is", () => {
  const property = fc.property(shapes, (shape) => {
    const { segments, hashes } = buildLog(shape);
    const log = scanLog(segments);
    expect(log.events.map(({ event }) => event.hash)).toEqual(hashes);
    expect(log.problems.map(({ kind }) => kind)).toEqual(shape.flatMap(({ late }) => (late > 0 ? ["fenced"] : [])));
    expect(log.lastEpoch).toBe(shape.length);
  });
  fc.assert(property, { numRuns: 80 });
});

test("a log cut at any byte keeps every whole event, and says where the torn bytes begin", () => {
  const { segments, hashes } = buildLog([
    { keep: 3, late: 0 },
    { keep: 2, late: 0 },
  ]);
  const [first, last] = segments;
  if (first === undefined || last === undefined) throw new Error("two segments");
  for (let length = 0; length <= last.bytes.length; length += 1) {
    const bytes = last.bytes.subarray(0, length);
    const log = scanLog([first, { epoch: 2, bytes }]);
    const whole = bytes.filter((byte) => byte === 0x0a).length;
    expect(log.events.map(({ event }) => event.hash)).toEqual(hashes.slice(0, 3 + whole));
    const torn = length - (bytes.lastIndexOf(0x0a) + 1);
    expect(log.tails.map((tail) => [tail.epoch, tail.bytes.length])).toEqual(torn === 0 ? [] : [[2, torn]]);
    expect(log.problems.map(({ kind }) => kind)).toEqual(torn === 0 ? [] : ["torn"]);
  }
});

test("any change of a byte ends the events before it, or is a torn end", () => {
  const { segments, hashes } = buildLog([{ keep: 4, late: 0 }]);
  const bytes = segments[0]?.bytes ?? Buffer.alloc(0);
  const property = fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ change;
    const log = scanLog([{ epoch: 1, bytes: changed }]);
    const before = bytes.subarray(0, at).filter((byte) => byte === 0x0a).length;
    expect(log.events.map(({ event }) => event.hash)).toEqual(hashes.slice(0, before));
    expect(log.problems.length).toBeGreaterThan(0);
  });
  fc.assert(property, { numRuns: 300 });
});

test("garbage before a whole event is damage, not a torn end", () => {
  const { segments } = buildLog([{ keep: 3, late: 0 }]);
  const lines = segments[0]?.bytes.toString("utf8").split(/(?<=\n)/) ?? [];
  const log = scanLog([{ epoch: 1, bytes: Buffer.from([lines[0], "\0\0\n", lines[1], lines[2]].join("")) }]);
  expect(log.problems).toMatchObject([{ kind: "damaged", segment: "events.jsonl", line: 2 }]);
});

test("an event keeps its bytes whatever its strings hold", () => {
  const property = fc.property(fc.string({ unit: "binary", maxLength: 2000 }), (text) => {
    const { event, line, blob } = sealDraft(firstPlace, toolFinished(text));
    const { event: read } = readEventLine(line.subarray(0, -1));
    expect(line.indexOf(0x0a)).toBe(line.length - 1);
    expect(read?.hash).toBe(event.hash);
    expect(blob === null ? read?.payload : JSON.parse(blob.text)).toEqual(event.payload);
  });
  fc.assert(property, { numRuns: 100 });
});

test("a payload moves to a blob at one byte over 8 KiB", () => {
  const room = 8192 - JSON.stringify(toolFinished("").payload).length;
  expect(sealDraft(firstPlace, toolFinished("x".repeat(room))).blob).toBeNull();
  expect(sealDraft(firstPlace, toolFinished("x".repeat(room + 1))).blob?.text).toHaveLength(8193);
  expect(sealDraft(firstPlace, stepStarted()).blob).toBeNull();
});

test.each<[string, Partial<EventPlace>, string]>([
  ["another seq", { seq: 7 }, "has seq 7 where 1 is due"],
  ["another line before it", { prev_hash: "f".repeat(64) }, "does not continue the line before it"],
  ["another epoch", { epoch: 3 }, "has epoch 3 in the segment of epoch 1"],
  ["another run", { run_id: "other" }, "belongs to another run"],
  ["another task", { task_id: "other" }, "belongs to another run"],
])("a sound line that names %s does not fit", (_name, change, message) => {
  const first = sealDraft(firstPlace, created());
  const second = sealDraft({ ...firstPlace, seq: 1, prev_hash: first.event.hash, ...change }, stepStarted());
  const log = scanLog([{ epoch: 1, bytes: Buffer.concat([first.line, second.line]) }]);
  expect(log.problems).toEqual([{ kind: "damaged", segment: "events.jsonl", line: 2, message }]);
  expect(log.events).toHaveLength(1);
});

test("a segment that does not begin by taking the lease, and a log that does not begin with a run, do not fit", () => {
  const first = sealDraft(firstPlace, created());
  const second = sealDraft({ ...firstPlace, epoch: 2, seq: 1, prev_hash: first.event.hash }, stepStarted());
  const log = scanLog([
    { epoch: 1, bytes: first.line },
    { epoch: 2, bytes: second.line },
  ]);
  expect(log.problems).toMatchObject([
    { segment: "events.2.jsonl", line: 1, message: expect.stringContaining("lease") },
  ]);
  const headless = scanLog([{ epoch: 1, bytes: sealDraft(firstPlace, stepStarted()).line }]);
  expect(headless.problems).toMatchObject([{ line: 1, message: expect.stringContaining("run_created") }]);
});
