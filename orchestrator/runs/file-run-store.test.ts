import { readFileSync, writeFileSync } from "node:fs";
import { appendFile, cp, mkdir, readdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { failingDisk, systemDisk } from "../io/disk.ts";
import { sha256 } from "../io/hash.ts";
import { formatIdentity, identifyProcess } from "../io/host.ts";
import type { RunLease } from "../schema/run-store.ts";
import { sealDraft } from "./event-line.ts";
import {
  asked,
  blocked,
  created,
  faulted,
  finished,
  modelAnswered,
  pauseCommand,
  person,
  plainRedactor,
  received,
  stepFinished,
  stepStarted,
  toolFinished,
} from "./fixtures/sample-run.ts";
import { makeStore, type TemporaryStore } from "./fixtures/temporary-store.ts";
import { createLogTail } from "./log-tail.ts";
import { resolveRun } from "./resolve-run.ts";
import { describeRunStore } from "./run-store.contract.ts";
import { runsReadme } from "./runs-readme.ts";
import { tidyRun } from "./tidy-run.ts";
import { verifyRun } from "./verify-run.ts";

describeRunStore("a store on files", (redactor) => makeStore({ redactor }));

const key = { taskId: "task-1", runId: "run-1" };
let temporary: TemporaryStore;
let folder = "";

beforeEach(async () => {
  temporary = await makeStore();
  folder = join(temporary.root, "task-1", "run-1");
});
afterEach(() => temporary.dispose());

const at = (name: string) => join(folder, name);
const text = (name: string) => readFile(at(name), "utf8");

/** A run of a few events that somebody let go of. */
async function releasedRun(): Promise<RunLease> {
  const lease = await temporary.store.create(key, created());
  for (const draft of [stepStarted(), modelAnswered(), stepFinished()]) await lease.append(draft);
  await lease.release();
  return lease;
}

/** A line that a runner could still have written after the last event of its lease. */
function lateLine({ events }: RunLease): Buffer {
  const last = events.at(-1);
  if (last === undefined) throw new Error("a run has events");
  const { task_id, run_id, timestamp, held_ms } = last;
  const place = { seq: last.seq + 1, epoch: 1, timestamp, held_ms, task_id, run_id, prev_hash: last.hash };
  return sealDraft(place, faulted()).line;
}

/** Rewrites a log as a forger or another version would: with sound hashes. */
async function rewriteLines(change: (event: Record<string, unknown>, index: number) => void): Promise<void> {
  let prev_hash = "0".repeat(64);
  const lines = (await text("events.jsonl")).trimEnd().split("\n");
  const forged = lines.map((line, index) => {
    const { hash: _hash, ...event } = JSON.parse(line);
    change(event, index);
    const body = JSON.stringify({ ...event, prev_hash });
    prev_hash = sha256(body);
    return `${body.slice(0, -1)},"hash":"${prev_hash}"}\n`;
  });
  await writeFile(at("events.jsonl"), forged.join(""));
}

describe("the folder of a run", () => {
  test("holds a handful of private files, in a .runs that git ignores and a person can understand", async () => {
    const lease = await temporary.store.create(key, created());
    for (const draft of [stepStarted(), modelAnswered(), stepFinished(), finished()]) await lease.append(draft);
    await lease.putArtifact("change.patch", "+hello\n", "text/x-diff");
    await lease.writeManifest();
    await lease.release();
    expect(await readdir(folder)).toEqual([
      "change.patch",
      "events.jsonl",
      "head.json",
      "heartbeat.json",
      "manifest.json",
    ]);
    for (const name of await readdir(folder)) expect((await stat(at(name))).mode & 0o777, name).toBe(0o600);
    expect(await readFile(join(temporary.root, ".gitignore"), "utf8")).toBe("*\n");
    expect(await readFile(join(temporary.root, "README.md"), "utf8")).toBe(runsReadme);
  });

  test("a README of .runs that a team has changed is left alone", async () => {
    await mkdir(temporary.root, { recursive: true });
    await writeFile(join(temporary.root, "README.md"), "ours\n");
    await (await temporary.store.create(key, created())).release();
    expect(await readFile(join(temporary.root, "README.md"), "utf8")).toBe("ours\n");
    expect(await readFile(join(temporary.root, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("the committed README of this repository's .runs says what a new one says", async () => {
    const committed = new URL("../../.runs/README.md", import.meta.url);
    expect(await readFile(committed, "utf8")).toBe(runsReadme);
  });

  test("what holds no event is damaged, also where its log was emptied later, and latest passes over it", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(at("events.jsonl"), "");
    await expect(resolveRun(temporary.store, "latest")).rejects.toMatchObject({ code: "run_not_found" });
    await rm(folder, { recursive: true });
    const lease = await temporary.store.create(key, created());
    await lease.writeManifest();
    await lease.release();
    await writeFile(at("events.jsonl"), "");
    expect((await temporary.store.list({ limit: 5 })).rows).toMatchObject([{ key, damaged: true }]);
    await expect(resolveRun(temporary.store, "latest")).rejects.toMatchObject({ code: "run_not_found" });
    await expect(temporary.store.manifest(key)).rejects.toMatchObject({ code: "run_damaged" });
  });

  test("folders where files should be, and files where folders should be, are damage and no fault of the disk", async () => {
    const { store } = temporary;
    await mkdir(at("events.jsonl"), { recursive: true });
    const damaged = { code: "run_damaged" };
    await expect(store.events(key)).rejects.toMatchObject(damaged);
    await expect(store.read(key)).rejects.toMatchObject(damaged);
    await expect(store.acquire(key, "again", person)).rejects.toMatchObject(damaged);
    await expect(store.watch(key, {})[Symbol.asyncIterator]().next()).rejects.toMatchObject(damaged);
    expect((await store.list({ limit: 5 })).rows).toMatchObject([{ key, damaged: true }]);
    await rm(folder, { recursive: true });
    await releasedRun();
    await mkdir(at("manifest.json"));
    await expect(store.acquire(key, "again", person)).rejects.toMatchObject(damaged);
    await rm(at("heartbeat.json"));
    await mkdir(at("heartbeat.json"));
    expect(await store.heartbeat(key)).toMatchObject({ heartbeat: null, liveness: "alive" });
  });

  test("each line hashes its own bytes without the last member, and names the line before", async () => {
    await releasedRun();
    let previous = "0".repeat(64);
    for (const line of (await text("events.jsonl")).trimEnd().split("\n")) {
      const { hash, prev_hash } = JSON.parse(line);
      expect(sha256(line.replace(`,"hash":"${hash}"`, ""))).toBe(hash);
      expect(prev_hash).toBe(previous);
      previous = hash;
    }
  });

  test("ids that would lead out of it are refused", async () => {
    for (const runId of ["..", "../x", "a/b", "", ".hidden"]) {
      await expect(temporary.store.create({ taskId: "task-1", runId }, created())).rejects.toMatchObject({
        code: "run_not_found",
      });
    }
  });
});

describe("after a crash", () => {
  test.each([
    ["the beginning of a line", '{"schema_version":1,"seq":5,"ep'],
    ["zeros", "\0".repeat(700)],
    ["garbage with line ends", "\0\0\0\ngarb\u00e4ge\nx"],
    ["a whole event without its newline", ""],
  ])("%s at the end is set aside, reported, and the run goes on", async (_name, tail) => {
    const before = await releasedRun();
    const log = await text("events.jsonl");
    if (tail === "") await truncate(at("events.jsonl"), log.length - 1);
    else await appendFile(at("events.jsonl"), tail);
    const whole = tail === "" ? before.events.slice(0, -1) : before.events;
    const torn = (await readFile(at("events.jsonl"))).subarray(
      Buffer.byteLength(tail === "" ? `${log.trimEnd().split("\n").slice(0, -1).join("\n")}\n` : log),
    );
    expect((await temporary.store.read(key)).problems).toMatchObject([{ kind: "torn", line: whole.length + 1 }]);

    const lease = await temporary.store.acquire(key, "resumed", person);
    const { seq = 0, hash = "" } = whole.at(-1) ?? {};
    expect(lease.events.at(-1)).toMatchObject({
      event: "lease_acquired",
      seq: seq + 1,
      payload: {
        continues: { seq, hash },
        set_aside: [
          {
            segment: "events.jsonl",
            reason: "torn",
            bytes: torn.length,
            sha256: sha256(torn),
            kept_as: "events.1.torn",
          },
        ],
      },
    });
    expect(await readFile(at("events.1.torn"))).toEqual(torn);
    await lease.append(finished());
    await lease.release();
    expect((await temporary.store.read(key)).problems).toEqual([]);
  });

  test("a claim whose runner died before its first line is passed over", async () => {
    const before = await releasedRun();
    await writeFile(at("events.2.jsonl"), '{"half a li');
    const lease = await temporary.store.acquire(key, "resumed", person);
    expect(lease.epoch).toBe(3);
    expect(lease.events).toHaveLength(before.events.length + 1);
    expect(lease.events.at(-1)).toMatchObject({ payload: { set_aside: [{ bytes: 11, kept_as: "events.2.torn" }] } });
    expect((await temporary.store.read(key)).problems).toEqual([]);
    expect(lease.events.at(-1)?.epoch).toBe(3);
    await lease.release();
  });

  test("a runner that died between its claim and a later one may have written a line; it is fenced off", async () => {
    await releasedRun();
    const copy = join(temporary.root, "..", "copy");
    await cp(temporary.root, copy, { recursive: true });
    const late = await temporary.again({ root: copy }).acquire(key, "late", person);
    await writeFile(at("events.2.jsonl"), "");
    const winner = await temporary.store.acquire(key, "winner", person);
    expect(winner.epoch).toBe(3);
    await cp(join(copy, "task-1", "run-1", "events.2.jsonl"), at("events.2.jsonl"));
    await winner.append(finished());
    const { events, problems } = await temporary.store.read(key);
    expect(events.map(({ hash }) => hash)).toEqual(winner.events.map(({ hash }) => hash));
    expect(problems).toMatchObject([{ kind: "fenced", segment: "events.2.jsonl", line: 1 }]);
    await Promise.all([late.release(), winner.release()]);
  });

  test("what an old runner wrote after it was fenced off is reported and never read, over several epochs", async () => {
    await releasedRun();
    for (const reason of ["second", "third"]) await (await temporary.store.acquire(key, reason, person)).release();
    const sound = await temporary.store.read(key);
    const [line = ""] = (await text("events.2.jsonl")).split("\n");
    await appendFile(at("events.jsonl"), `${line}\nmore`);
    await appendFile(at("events.2.jsonl"), "x");
    const { events, problems } = await temporary.store.read(key);
    expect(events).toEqual(sound.events);
    expect(problems).toMatchObject([
      { kind: "fenced", segment: "events.jsonl", line: 6 },
      { kind: "fenced", segment: "events.2.jsonl", line: 2 },
    ]);
    const fourth = await temporary.store.acquire(key, "fourth", person);
    const late = Buffer.from(`${line}\nmore`);
    expect(fourth.events.at(-1)).toMatchObject({
      payload: {
        set_aside: [
          { segment: "events.jsonl", reason: "fenced", bytes: late.length, kept_as: "events.1.fenced.4" },
          { segment: "events.2.jsonl", reason: "fenced", bytes: 1, kept_as: "events.2.fenced.4" },
        ],
      },
    });
    await fourth.append(finished());
    await fourth.writeManifest();
    await fourth.release();
    expect(await readFile(at("events.1.fenced.4"))).toEqual(late);
    expect(await verifyRun(folder)).toMatchObject({ ok: true, problems: [] });
    expect((await verifyRun(folder)).notes.join()).toContain("1 bytes were written to events.2.jsonl");
  });

  test("what comes after the end from a runner that was fenced off is set aside by tidying up, and is told then", async () => {
    const lease = await releasedRun();
    const next = await temporary.store.acquire(key, "second", person);
    await next.append(finished());
    await next.writeManifest();
    await next.release();
    const line = lateLine(lease);
    await appendFile(at("events.jsonl"), line);
    expect((await verifyRun(folder)).problems).toMatchObject([
      { where: "events.jsonl", line: 6, message: expect.stringContaining("the next runner sets them aside") },
    ]);
    const tidying = { runsRoot: temporary.root, key, folders: [], actor: person };
    expect(await tidyRun(temporary.store, tidying)).toMatchObject([
      { segment: "events.jsonl", reason: "fenced", bytes: line.length, sha256: sha256(line) },
    ]);
    expect((await verifyRun(folder)).problems).toEqual([]);
    expect(await tidyRun(temporary.store, tidying)).toBeNull();
  });

  test("bytes that were set aside are part of the record: changed or gone, they are a problem", async () => {
    await releasedRun();
    await appendFile(at("events.jsonl"), "half a line");
    await (await temporary.store.acquire(key, "resumed", person)).release();
    expect(await verifyRun(folder)).toMatchObject({
      ok: true,
      notes: [expect.anything(), expect.stringContaining("kept as events.1.torn")],
    });
    await writeFile(at("events.1.torn"), "half a life");
    const where = "events.1.torn";
    expect((await verifyRun(folder)).problems).toEqual([{ where, message: "was changed since it was set aside" }]);
    await rm(at(where));
    expect((await verifyRun(folder)).problems).toEqual([{ where, message: "was set aside, but is not there" }]);
  });
});

describe("a runner whose lease was lost while it slept", () => {
  /** A run of a runner that is dead, as far as others can tell, and goes on all the same; `asleep` is what happens in its next sync. */
  async function sleeper() {
    let asleep: (() => Promise<void>) | null = null;
    const disk = {
      ...systemDisk,
      async sync(fd: number, what?: "data" | "all") {
        await systemDisk.sync(fd, what);
        const work = asleep;
        asleep = null;
        await work?.();
      },
    };
    const holder = formatIdentity({ ...(await identifyProcess()), start: "1" });
    const lease = await temporary.again({ holder, disk }).create(key, created());
    await lease.append(stepStarted());
    const fallAsleep = (work: () => Promise<void>) => {
      asleep = work;
    };
    return { lease, fallAsleep };
  }

  test("writes nothing more to its log", async () => {
    const { lease } = await sleeper();
    const before = await text("events.jsonl");
    await (await temporary.store.acquire(key, "it is silent", person)).release();
    await expect(lease.append(stepFinished())).rejects.toMatchObject({ code: "lease_lost" });
    expect(await text("events.jsonl")).toBe(before);
    await lease.release();
  });

  test.each([1, 2])(
    "puts back no manifest, and counts nothing, where it slept in sync %i of the manifest",
    async (nth) => {
      const { lease, fallAsleep } = await sleeper();
      await lease.append(finished());
      const tidyElsewhere = async () => {
        await tidyRun(temporary.store, { runsRoot: temporary.root, key, folders: [], actor: person });
      };
      if (nth === 2) await lease.sync();
      fallAsleep(tidyElsewhere);
      await expect(lease.writeManifest()).rejects.toMatchObject({ code: "lease_lost" });
      await lease.release();
      expect(await verifyRun(folder)).toMatchObject({ ok: true, problems: [] });
      const counted = await readFile(join(temporary.root, "task-1", "metrics.jsonl"), "utf8");
      expect(counted.trimEnd().split("\n")).toHaveLength(1);
    },
  );

  test.each<[string, (lease: RunLease) => Promise<unknown>]>([
    ["manifest.json", (lease) => lease.writeManifest()],
    ["change.patch", (lease) => lease.putArtifact("change.patch", "+ours\n", "text/x-diff")],
    ["change.bundle", (lease) => lease.putArtifact("change.bundle", "+ours\n".repeat(20_000), "text/x-diff")],
  ])("does not put %s in its place where it slept while writing it", async (name, write) => {
    let sleeps = false;
    const disk = {
      ...systemDisk,
      write(fd: number, bytes: Uint8Array) {
        if (sleeps) writeFileSync(at("events.2.jsonl"), "");
        return systemDisk.write(fd, bytes);
      },
    };
    const lease = await temporary.again({ disk }).create(key, created());
    await lease.sync();
    sleeps = true;
    await expect(write(lease)).rejects.toMatchObject({ code: "lease_lost" });
    expect(await readdir(folder)).not.toContain(name);
    await lease.release();
  });
});

describe("a log that cannot be trusted is refused, naming the place:", () => {
  const refused = async (message: string | RegExp) => {
    const before = await readdir(folder);
    await expect(temporary.store.acquire(key, "resumed", person)).rejects.toMatchObject({
      code: "run_damaged",
      message: expect.stringMatching(message),
    });
    expect(await readdir(folder)).toEqual(before);
    expect((await temporary.store.read(key)).problems.length).toBeGreaterThan(0);
    await expect(temporary.store.manifest(key)).rejects.toMatchObject({ code: "run_damaged" });
  };

  test("a changed byte", async () => {
    await releasedRun();
    await writeFile(at("events.jsonl"), (await text("events.jsonl")).replace("Say hello", "Say hullo"));
    await refused(/events\.jsonl line 1 was changed/);
  });

  test("a changed last line", async () => {
    await releasedRun();
    const log = await text("events.jsonl");
    await writeFile(at("events.jsonl"), `${log.trimEnd().slice(0, -4)}0"}\n`);
    await refused(/events\.jsonl line 5/);
  });

  test("a line that is gone", async () => {
    await releasedRun();
    const lines = (await text("events.jsonl")).split("\n");
    await writeFile(at("events.jsonl"), lines.toSpliced(2, 1).join("\n"));
    await refused(/events\.jsonl line 3 has seq 3 where 2 is due/);
  });

  test("a segment far from the others, which would fence nobody off", async () => {
    await releasedRun();
    await writeFile(at("events.99999.jsonl"), "");
    await refused(/events\.99999\.jsonl line 1 is the segment of epoch 99999, and there is none of epoch 2/);
  });

  test("a segment that is gone", async () => {
    await releasedRun();
    for (const reason of ["second", "third"]) await (await temporary.store.acquire(key, reason, person)).release();
    await rm(at("events.2.jsonl"));
    await refused(/events\.3\.jsonl line 1 has seq 6 where 5 is due/);
  });

  test("an event of a later version", async () => {
    await releasedRun();
    await rewriteLines((event, index) => {
      if (index === 3) event["event"] = "agent_dreamed";
    });
    await refused(/events\.jsonl line 4 is an event that this version does not know: agent_dreamed/);
  });

  test("another version of the format", async () => {
    await releasedRun();
    await rewriteLines((event) => {
      event["schema_version"] = 3;
    });
    await refused(/events\.jsonl line 1 was written in version 3/);
  });

  test("a version of the format whose events look otherwise", async () => {
    await releasedRun();
    await rewriteLines((event) => {
      event["schema_version"] = 1;
      delete event["held_ms"];
    });
    await refused(/events\.jsonl line 1 was written in version 1/);
  });

  test("a payload that does not fit", async () => {
    await releasedRun();
    await rewriteLines((event, index) => {
      if (index === 4) event["payload"] = { step_id: "planner.1" };
    });
    await refused(/events\.jsonl line 5 does not fit the event step_finished/);
  });

  test("the log of another run", async () => {
    await releasedRun();
    await rename(folder, join(temporary.root, "task-1", "run-2"));
    await expect(temporary.store.acquire({ taskId: "task-1", runId: "run-2" }, "x", person)).rejects.toMatchObject({
      code: "run_damaged",
      message: expect.stringContaining("belongs to the run task-1/run-1"),
    });
  });

  test("a payload that was removed or changed", async () => {
    const lease = await temporary.store.create(key, created());
    await lease.append(toolFinished("x".repeat(9000)));
    await lease.release();
    const [name = ""] = await readdir(at("blobs"));
    await writeFile(at(`blobs/${name}`), "{}");
    await refused(/events\.jsonl line 3 has its payload in blobs\/.*another hash/);
    await rm(at(`blobs/${name}`));
    await refused(/events\.jsonl line 3 has its payload in blobs\/.*not there/);
  });

  test("a log that is shorter than its manifest", async () => {
    const lease = await temporary.store.create(key, created());
    await lease.append(stepStarted());
    await lease.writeManifest();
    await lease.release();
    const lines = (await text("events.jsonl")).split("\n");
    await writeFile(at("events.jsonl"), lines.toSpliced(2, 1).join("\n"));
    await expect(temporary.store.acquire(key, "x", person)).rejects.toMatchObject({
      code: "run_damaged",
      message: expect.stringContaining("sums up 3 events, its log holds 2"),
    });
  });

  test.each([1, 2])(
    "a log without the last %i of the lines that were made durable, though no manifest sums them up",
    async (cut) => {
      const lease = await temporary.store.create(key, created());
      for (const draft of [stepStarted(), modelAnswered()]) await lease.append(draft);
      await lease.sync();
      await lease.append(stepFinished());
      await lease.release();
      const lines = (await text("events.jsonl")).trimEnd().split("\n");
      await writeFile(at("events.jsonl"), `${lines.slice(0, -1).join("\n")}\n`);
      expect((await verifyRun(folder)).problems).toEqual([]);
      await writeFile(at("events.jsonl"), `${lines.slice(0, -1 - cut).join("\n")}\n`);
      const { store } = temporary;
      // Whoever reads it is refused as well: an end that was forged is not shown, and not applied.
      for (const use of [() => store.acquire(key, "x", person), () => store.events(key), () => store.manifest(key)]) {
        await expect(use()).rejects.toMatchObject({
          code: "run_damaged",
          message: expect.stringContaining("head.json names event 3 as durable, its log does not hold it"),
        });
      }
      expect((await verifyRun(folder)).problems).toEqual([
        { where: "head.json", message: "names event 3 as durable, which the log does not hold: its end is gone" },
      ]);
    },
  );

  test.each([
    ["is gone", (path: string) => rm(path)],
    ["is spoiled", (path: string) => writeFile(path, "{")],
  ])("one whose head %s, though a manifest sums it up", async (_, spoil) => {
    const lease = await temporary.store.create(key, created());
    await lease.append(stepStarted());
    await lease.writeManifest();
    await lease.release();
    expect((await verifyRun(folder)).problems).toEqual([]);
    await spoil(at("head.json"));
    expect((await verifyRun(folder)).problems).toMatchObject([
      { where: "head.json", message: expect.stringContaining("nothing says where the log ended") },
    ]);
  });

  test("an empty one", async () => {
    await mkdir(folder, { recursive: true });
    await refused(/events\.jsonl line 1 holds no event/);
  });
});

describe("a broken disk", () => {
  // Another run made the files of the root; the first write of each run is its heartbeat, the next two are its first events.
  beforeEach(async () => {
    await (await temporary.store.create({ taskId: "task-1", runId: "run-0" }, created())).release();
  });

  test("at every write: the run faults, keeps what was acknowledged, and goes on when there is space again", async () => {
    for (let write = 4; write <= 7; write += 1) {
      for (const writtenBytes of [0, 1, 300]) {
        const one = { taskId: "task-1", runId: `run-${write}-${writtenBytes}` };
        const store = temporary.again({ disk: failingDisk({ write, writtenBytes, once: true }) });
        const lease = await store.create(one, created());
        const appended: string[] = [];
        const working = (async () => {
          for (;;) appended.push((await lease.append(modelAnswered())).hash);
        })();
        await expect(working).rejects.toMatchObject({ code: "disk_failed" });
        await lease.release();
        expect(appended).toHaveLength(write - 4);
        expect((await store.read(one)).problems).toEqual([]);
        const again = await temporary.store.acquire(one, "space", person);
        expect(again.events.slice(2, -1).map(({ hash }) => hash)).toEqual(appended);
        await again.release();
      }
    }
  });

  test("that cannot even be cut back leaves a torn line, which the next runner sets aside", async () => {
    const store = temporary.again({ disk: failingDisk({ write: 4, writtenBytes: 40, cut: 1, once: true }) });
    const lease = await store.create(key, created());
    await expect(lease.append(stepStarted())).rejects.toMatchObject({ code: "disk_failed" });
    await expect(lease.append(stepStarted())).rejects.toMatchObject({ code: "disk_failed" });
    await lease.release();
    const again = await temporary.store.acquire(key, "space", person);
    expect(again.events.at(-1)).toMatchObject({ payload: { set_aside: [{ bytes: 40, kept_as: "events.1.torn" }] } });
    await again.release();
  });

  test("at the first write leaves no run at all", async () => {
    for (const write of [1, 2, 3]) {
      const store = temporary.again({ disk: failingDisk({ write }) });
      await expect(store.create(key, created())).rejects.toMatchObject({ code: "disk_failed" });
    }
    expect(await temporary.store.keys()).toEqual([{ taskId: "task-1", runId: "run-0" }]);
  });

  test("at the first write of a take-over leaves a run that can be taken over", async () => {
    const before = await releasedRun();
    const store = temporary.again({ disk: failingDisk({ write: 1, writtenBytes: 100, cut: 1 }) });
    await expect(store.acquire(key, "full", person)).rejects.toMatchObject({ code: "disk_failed" });
    const again = await temporary.store.acquire(key, "space", person);
    expect(again.epoch).toBe(3);
    expect(again.events).toHaveLength(before.events.length + 1);
    await again.release();
  });

  test("that fails to sync acknowledges nothing any more, not even at a second try", async () => {
    let disk = systemDisk;
    const store = temporary.again({ disk: { ...systemDisk, sync: (fd, what) => disk.sync(fd, what) } });
    const lease = await store.create(key, created());
    await lease.append(stepStarted());
    await lease.sync();
    disk = failingDisk({ sync: 1 });
    await lease.append(modelAnswered());
    await expect(lease.sync()).rejects.toMatchObject({ code: "disk_failed" });
    await expect(lease.sync()).rejects.toMatchObject({ code: "disk_failed" });
    await expect(lease.append(modelAnswered())).rejects.toMatchObject({ code: "disk_failed" });
    await expect(lease.writeManifest()).rejects.toMatchObject({ code: "disk_failed" });
    await lease.release();
  });

  test("that lost a blob before it was synced acknowledges nothing", async () => {
    const lease = await temporary.store.create(key, created());
    await lease.append(toolFinished("x".repeat(9000)));
    await rm(at("blobs"), { recursive: true });
    await expect(lease.sync()).rejects.toMatchObject({ code: "disk_failed" });
    await lease.release();
  });

  test("a folder that was removed under a runner is a fault, not a silent success", async () => {
    const lease = await temporary.store.create(key, created());
    await rm(folder, { recursive: true });
    await expect(lease.append(stepStarted())).rejects.toMatchObject({ code: "disk_failed" });
    await expect(lease.sync()).rejects.toMatchObject({ code: "disk_failed" });
    await lease.release();
  });
});

describe("a holder that cannot be looked up", () => {
  const elsewhere = "pid=7 host=elsewhere start=1 boot=00000000-0000-0000-0000-000000000000 ns=1";

  test("is left alone while its heartbeat moves", async () => {
    const lease = await temporary.again({ holder: elsewhere }).create(key, created());
    await expect(temporary.store.acquire(key, "mine", person)).rejects.toMatchObject({
      code: "run_held",
      message: expect.stringContaining("process 7 on elsewhere (epoch 1, last seen "),
    });
    await lease.release();
  });

  test("is taken over when its heartbeat has stood still for its stale time, however young it looks", async () => {
    const ahead = { now: () => new Date(Date.now() + 3_600_000), monotonicMs: () => 0 };
    const options = { holder: elsewhere, clock: ahead, heartbeat: { intervalSeconds: 15, staleAfterSeconds: 0.3 } };
    const lost = await temporary.again(options).create(key, created());
    const lease = await temporary.store.acquire(key, "mine", person);
    expect(lease.epoch).toBe(2);
    await expect(lost.sync()).rejects.toMatchObject({ code: "lease_lost" });
    await expect(lost.append(stepStarted())).rejects.toMatchObject({ code: "lease_lost" });
    expect((await temporary.store.read(key)).problems).toEqual([]);
    await lost.release();
    expect(await temporary.store.heartbeat(key)).toMatchObject({ liveness: "alive", heartbeat: { epoch: 2 } });
    await lease.release();
  });

  test("gets the events that it wrote until the moment of the claim into the log that goes on", async () => {
    const silent = { holder: elsewhere, heartbeat: { intervalSeconds: 15, staleAfterSeconds: 0.1 } };
    const lost = await temporary.again(silent).create(key, created());
    const plain = plainRedactor();
    const late: string[] = [];
    // A runner asks who it is after it has read the log, and just before it claims it.
    const text = async (value: string) => {
      if (late.length === 0) late.push((await lost.append(stepStarted())).hash);
      return value;
    };
    const lease = await temporary.again({ redactor: { ...plain, text } }).acquire(key, "mine", person);
    expect(lease.events.map(({ event }) => event)).toEqual([
      "run_created",
      "lease_acquired",
      "step_started",
      "lease_acquired",
    ]);
    expect(lease.events[2]?.hash).toBe(late[0]);
    expect((await temporary.store.read(key)).problems).toEqual([]);
    await Promise.all([lost.release(), lease.release()]);
  });

  test("does not speak for the run any more once it was taken over", async () => {
    const own = await identifyProcess();
    const gone = formatIdentity({ ...own, start: "1" });
    const lost = temporary.again({ holder: gone, heartbeat: { intervalSeconds: 0.01, staleAfterSeconds: 0.2 } });
    const quiet = { heartbeat: { intervalSeconds: 15, staleAfterSeconds: 30 } };
    if (own.start === null) return;
    const first = await lost.create(key, created());
    const second = await temporary.again(quiet).acquire(key, "mine", person);
    const heard = await text("heartbeat.json");
    for (let look = 0; look < 10; look += 1) {
      await sleep(10);
      expect(await text("heartbeat.json")).toBe(heard);
    }
    await first.release();
    expect(await text("heartbeat.json")).toBe(heard);
    expect(JSON.parse(heard).epoch).toBe(2);
    await second.release();
  });

  test("is not taken over while it lets no sign be seen for less than its stale time", async () => {
    const slow = { holder: elsewhere, heartbeat: { intervalSeconds: 0.25, staleAfterSeconds: 1 } };
    const lease = await temporary.again(slow).create(key, created());
    await expect(temporary.store.acquire(key, "mine", person)).rejects.toMatchObject({ code: "run_held" });
    await lease.release();
  });

  test("a process of another start under the same pid is dead, and so taken over at once", async () => {
    const own = await identifyProcess();
    const reused = formatIdentity({ ...own, start: own.start === null ? null : "1" });
    const settings = { heartbeat: { intervalSeconds: 10, staleAfterSeconds: own.start === null ? 0.2 : 30 } };
    const lost = await temporary.again({ holder: reused, ...settings }).create(key, created());
    const lease = await temporary.again(settings).acquire(key, "mine", person);
    expect(lease.epoch).toBe(2);
    await Promise.all([lost.release(), lease.release()]);
  });

  test("a run whose heartbeat is missing or broken goes by the holder that its log names", async () => {
    const lease = await temporary.store.create(key, created());
    await sleep(20);
    for (const broken of ["", "{", "[]"]) {
      await writeFile(at("heartbeat.json"), broken);
      const held = temporary.again({ heartbeat: { intervalSeconds: 10, staleAfterSeconds: 0.01 } });
      if ((await identifyProcess()).start !== null) {
        await expect(held.acquire(key, "mine", person)).rejects.toMatchObject({ code: "run_held" });
      }
    }
    await lease.release();
  });

  test("a run that was let go of on a full disk can be taken up again by the same process", async () => {
    const lease = await temporary.store.create(key, created());
    await rm(at("heartbeat.json"));
    await mkdir(at("heartbeat.json"));
    await lease.release();
    await rm(at("heartbeat.json"), { recursive: true });
    await (await temporary.store.acquire(key, "again", person)).release();
  });
});

test("the heartbeat moves and names the step, and ends with the lease", async () => {
  const lease = await temporary.store.create(key, created());
  lease.working("planner.1");
  const beats: number[] = [];
  for (let look = 0; look < 1000 && new Set(beats).size < 3; look += 1) {
    await sleep(10);
    beats.push((await temporary.store.heartbeat(key)).heartbeat?.beat ?? -1);
  }
  expect(new Set(beats).size).toBeGreaterThanOrEqual(3);
  expect((await temporary.store.heartbeat(key)).heartbeat).toMatchObject({ step_id: "planner.1", epoch: 1 });
  await lease.release();
  const last = await text("heartbeat.json");
  await sleep(120);
  expect(await text("heartbeat.json")).toBe(last);
});

test("a heartbeat that cannot be written is reported, and the run goes on", async () => {
  const said: string[] = [];
  const lease = await temporary.again({ report: (message) => said.push(message) }).create(key, created());
  await rm(at("heartbeat.json"));
  await mkdir(at("heartbeat.json"));
  for (let look = 0; look < 500 && said.length === 0; look += 1) await sleep(10);
  await lease.append(stepStarted());
  expect(said[0]).toContain("the heartbeat was not written");
  await lease.release();
});

test("a damaged command is set aside and reported; the others are obeyed", async () => {
  const said: string[] = [];
  const store = temporary.again({ report: (message) => said.push(message) });
  const lease = await store.create(key, created());
  await store.submit(key, pauseCommand("good"));
  await writeFile(at("inbox/unnumbered.json"), JSON.stringify(pauseCommand("unnumbered")));
  await writeFile(at("inbox/2-bad.json"), '{"verb":"explode"}');
  await writeFile(at("inbox/2-cut.json"), '{"verb":');
  await writeFile(at("inbox/2-other.json"), JSON.stringify(pauseCommand("not-other")));
  await writeFile(at("inbox/2-huge.json"), " ".repeat(100_000));
  expect((await lease.pending()).map(({ id }) => id)).toEqual(["good"]);
  expect(said).toHaveLength(5);
  expect((await readdir(at("inbox"))).sort()).toEqual([
    "1-good.json",
    "2-bad.json.bad",
    "2-cut.json.bad",
    "2-huge.json.bad",
    "2-other.json.bad",
    "unnumbered.json.bad",
  ]);
  expect(await lease.pending()).toHaveLength(1);
  await lease.release();
});

test("a command that a dead runner wrote down leaves the inbox without being obeyed again", async () => {
  const lease = await temporary.store.create(key, created());
  await temporary.store.submit(key, pauseCommand());
  await lease.append(received(pauseCommand()));
  expect(await lease.pending()).toEqual([]);
  expect(await readdir(at("inbox"))).toEqual([]);
  await lease.release();
});

test("no more than a thousand commands wait for one run", async () => {
  const lease = await temporary.store.create(key, created());
  await temporary.store.submit(key, pauseCommand("cmd-0"));
  const rest = Array.from({ length: 999 }, (_, index) => `cmd-${index + 1}`);
  await Promise.all(rest.map((id) => writeFile(at(`inbox/2-${id}.json`), JSON.stringify(pauseCommand(id)))));
  await expect(temporary.store.submit(key, pauseCommand("cmd-1000"))).rejects.toMatchObject({
    code: "run_state_refused",
  });
  await temporary.store.submit(key, { ...pauseCommand("cmd-5"), message: "the same one again" });
  expect(await lease.pending()).toHaveLength(1000);
  await lease.release();
});

test("the list shows what is broken or foreign with the reason, and reads the log where there is no manifest yet", async () => {
  const runs = ["run-1", "run-2", "run-3", "run-4", "run-5"];
  for (const runId of runs) {
    const lease = await temporary.store.create({ taskId: "task-1", runId }, created());
    for (const draft of [asked(), blocked()]) await lease.append(draft);
    if (runId !== "run-1") await lease.writeManifest();
    await lease.release();
  }
  const folderOf = (runId: string) => join(temporary.root, "task-1", runId);
  await writeFile(join(folderOf("run-2"), "manifest.json"), "{");
  await writeFile(join(folderOf("run-3"), "manifest.json"), "[]");
  await cp(join(folderOf("run-5"), "manifest.json"), join(folderOf("run-4"), "manifest.json"));
  await mkdir(join(temporary.root, "task-1", "foreign"));
  await writeFile(join(temporary.root, "task-1", "metrics.jsonl"), "");
  const { rows } = await temporary.store.list({ limit: 100 });
  expect(rows.map((row) => [row.key.runId, row.damaged ? row.reason : row.status])).toEqual([
    ["run-5", "blocked"],
    ["run-4", "manifest.json belongs to the run task-1/run-5"],
    ["run-3", expect.stringContaining("manifest.json is no manifest")],
    ["run-2", expect.stringContaining("JSON")],
    ["run-1", "blocked"],
    ["foreign", expect.stringContaining("holds no event")],
  ]);
});

test("a watch in another process's place sees events within a quarter of a second", async () => {
  const lease = await temporary.store.create(key, created());
  const watch = temporary.again().watch(key, { fromSeq: 2 })[Symbol.asyncIterator]();
  const next = watch.next();
  await sleep(50);
  const began = performance.now();
  await lease.append(stepStarted());
  expect(await next).toMatchObject({ value: { event: "step_started" } });
  expect(performance.now() - began).toBeLessThan(1000);
  await watch.return?.();
  await lease.release();
});

test("a watch waits with what it reads while another runner is taking over, since that may be fenced off", async () => {
  const lease = await releasedRun();
  const tail = createLogTail(folder);
  expect(await tail.read()).toHaveLength(lease.events.length);
  await writeFile(at("events.2.jsonl"), "");
  await appendFile(at("events.jsonl"), lateLine(lease));
  expect(await tail.read()).toEqual([]);
  const next = await temporary.store.acquire(key, "resumed", person);
  expect((await tail.read()).map(({ event }) => event)).toEqual(["run_faulted", "lease_acquired"]);
  await next.release();
});

test("a watch says where a log stops making sense", async () => {
  const lease = await temporary.store.create(key, created());
  const watch = temporary.store.watch(key, { fromSeq: 1 })[Symbol.asyncIterator]();
  await watch.next();
  await appendFile(at("events.jsonl"), "{}\n");
  await expect(watch.next()).rejects.toMatchObject({ code: "run_damaged" });
  await lease.release();
});

test("the heartbeat goes on while a step blocks the main thread", async () => {
  const lease = await temporary.store.create(key, created());
  let before = 0;
  for (let look = 0; look < 500 && before === 0; look += 1) {
    await sleep(10);
    before = (await temporary.store.heartbeat(key)).heartbeat?.beat ?? 0;
  }
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  const blocked = JSON.parse(readFileSync(at("heartbeat.json"), "utf8")).beat;
  await lease.release();
  expect(blocked).toBeGreaterThan(before + 2);
});
