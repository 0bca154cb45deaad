import { expect, test } from "vitest";
import { sha256 } from "../io/hash.ts";
import { eventPayloads, type RunEvent } from "../schema/run-event.ts";
import { runner } from "./fixtures/sample-run.ts";
import { parseKnownEvent, resolveEvent } from "./known-event.ts";

const event: RunEvent = {
  schema_version: 2,
  seq: 1,
  epoch: 1,
  timestamp: "2026-01-01T00:00:00.000Z",
  held_ms: 0,
  task_id: "t",
  run_id: "r",
  event: "run_faulted",
  actor: runner,
  prev_hash: "0".repeat(64),
  hash: "0".repeat(64),
  payload: { code: "x", message: "y" },
};

test.each(Object.keys(eventPayloads))("%s is an event that can be read back", (name) => {
  const problem = parseKnownEvent({ ...event, event: name }, "no payload");
  expect(problem).toContain(`does not fit the event ${name}`);
  expect(problem).toContain("at payload");
});

test("a known event gets its payload, and one that was moved to a blob as well", async () => {
  const text = JSON.stringify(event.payload);
  const moved = { ...event, payload: null, payload_blob: { blob_sha256: sha256(text), bytes: text.length } };
  expect(parseKnownEvent(event, event.payload)).toEqual(event);
  expect(await resolveEvent(moved, async () => Buffer.from(text))).toEqual(event);
});

test("a blob that is gone, changed or unreadable is a sentence, never an exception", async () => {
  const moved = { ...event, payload: null, payload_blob: { blob_sha256: sha256("{"), bytes: 1 } };
  expect(await resolveEvent(moved, async () => null)).toContain("not there");
  expect(await resolveEvent(moved, async () => Buffer.from("}"))).toContain("another hash");
  expect(await resolveEvent(moved, async () => Buffer.from("{"))).toContain("cannot be read");
  const failing = async () => {
    throw new Error("no disk");
  };
  expect(await resolveEvent(moved, failing)).toContain("no disk");
});
