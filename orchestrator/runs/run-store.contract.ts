import { afterEach, describe, expect, test } from "vitest";
import type { KnownEvent } from "../schema/run-event.ts";
import { RunManifest } from "../schema/run-manifest.ts";
import type { RunKey } from "../schema/run-store.ts";
import {
  asked,
  blocked,
  created,
  finished,
  modelAnswered,
  pauseCommand,
  person,
  plainRedactor,
  received,
  runner,
  stepFinished,
  stepStarted,
  toolFinished,
} from "./fixtures/sample-run.ts";
import { foldManifest } from "./manifest-fold.ts";
import type { RunArchive } from "./run-archive.ts";

/** A store under test, and the way to remove what it left. */
export interface StoreUnderTest {
  readonly store: RunArchive;
  dispose(): Promise<void>;
}

const key: RunKey = { taskId: "task-1", runId: "run-1" };
const secret = "hunter2-hunter2";

/** What every `RunStore` must do. `make` gives a new, empty one that redacts `hunter2-hunter2`. */
export function describeRunStore(
  name: string,
  make: (redactor: ReturnType<typeof plainRedactor>) => Promise<StoreUnderTest>,
) {
  describe(name, () => {
    const made: StoreUnderTest[] = [];
    const open = async () => {
      const one = await make(plainRedactor({ password: secret }));
      made.push(one);
      return one.store;
    };
    afterEach(async () => {
      for (const one of made.splice(0)) await one.dispose();
    });

    test("a new run begins with run_created and the lease, chained", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      const { events, problems } = await store.read(key);
      expect(problems).toEqual([]);
      expect(events.map(({ event, seq, epoch }) => [event, seq, epoch])).toEqual([
        ["run_created", 0, 1],
        ["lease_acquired", 1, 1],
      ]);
      expect(events[0]?.prev_hash).toBe("0".repeat(64));
      expect(events[1]?.prev_hash).toBe(events[0]?.hash);
      expect(lease.epoch).toBe(1);
      await lease.release();
    });

    test("a run that exists is not created again", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      await expect(store.create(key, created())).rejects.toMatchObject({ code: "run_state_refused" });
      expect((await store.read(key)).events).toHaveLength(2);
      await lease.release();
    });

    test("a run cannot begin with another event, nor with a payload that does not fit", async () => {
      const store = await open();
      await expect(store.create(key, finished())).rejects.toMatchObject({ code: "run_state_refused" });
      await expect(store.create(key, created({ title: "" }))).rejects.toMatchObject({ code: "document_invalid" });
      await expect(store.read(key)).rejects.toMatchObject({ code: "run_not_found" });
      expect(await store.keys()).toEqual([]);
    });

    test("what does not exist is not found", async () => {
      const store = await open();
      await expect(store.read(key)).rejects.toMatchObject({ code: "run_not_found" });
      await expect(store.manifest(key)).rejects.toMatchObject({ code: "run_not_found" });
      await expect(store.acquire(key, "x", person)).rejects.toMatchObject({ code: "run_not_found" });
      await expect(store.heartbeat(key)).rejects.toMatchObject({ code: "run_not_found" });
      await expect(store.submit(key, pauseCommand())).rejects.toMatchObject({ code: "run_not_found" });
    });

    test("calls of append that overlap keep their order", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      const texts = Array.from({ length: 50 }, (_, index) => `answer ${index}`);
      const appended = await Promise.all(texts.map((text) => lease.append(modelAnswered(text))));
      expect(appended.map(({ seq }) => seq)).toEqual(texts.map((_, index) => index + 2));
      const { events, problems } = await store.read(key);
      expect(problems).toEqual([]);
      expect(JSON.stringify(events.slice(2).map(({ payload }) => payload))).toContain("answer 49");
      expect(lease.events.map(({ hash }) => hash)).toEqual(events.map(({ hash }) => hash));
      await lease.release();
    });

    test("a secret reaches neither the log, a blob, an artifact nor a command", async () => {
      const store = await open();
      const lease = await store.create(key, created({ title: `use ${secret}` }));
      const short = await lease.append(modelAnswered(`it is ${secret}`));
      const long = await lease.append(toolFinished(`${secret} `.repeat(2000)));
      await lease.putArtifact("change.patch", `+${secret}\n`, "text/x-diff");
      await store.submit(key, { ...pauseCommand(), message: secret });
      const everything = [short, long, ...(await store.read(key)).events, ...(await lease.pending())];
      const blob = await store.readBlob(key, (await store.read(key)).events[3]?.payload_blob?.blob_sha256 ?? "");
      const patch = await store.readArtifact(key, "change.patch");
      expect(blob?.length).toBeGreaterThan(8192);
      expect(Buffer.from(patch).toString()).toBe("+[redacted:password]\n");
      for (const text of [JSON.stringify(everything), Buffer.from(blob ?? []).toString()]) {
        expect(text).not.toContain(secret);
        expect(text).toContain("[redacted:password]");
      }
      await lease.release();
    });

    test("what waits for a run can be seen without a lease, until a runner has taken it", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      await store.submit(key, pauseCommand());
      expect(await store.waiting(key)).toEqual([pauseCommand()]);
      await lease.settle(pauseCommand().id);
      expect(await store.waiting(key)).toEqual([]);
      await lease.release();
    });

    test("a long payload lies in a blob and comes back whole", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      const appended = await lease.append(toolFinished("x".repeat(9000)));
      await lease.release();
      const line = (await store.read(key)).events.at(-1);
      expect(line?.payload).toBeNull();
      expect(line?.payload_blob?.bytes).toBe(JSON.stringify(appended.payload).length);
      const again = await store.acquire(key, "resumed", person);
      expect(again.events[2]).toEqual(appended);
      expect((await store.events(key))[2]).toEqual(appended);
      await again.release();
    });

    test("only one lease at a time; the next one goes on where the last one stopped", async () => {
      const store = await open();
      const first = await store.create(key, created());
      await expect(store.acquire(key, "again", person)).rejects.toMatchObject({ code: "run_held" });
      const last = await first.append(stepStarted());
      await first.release();
      const second = await store.acquire(key, "again", person);
      expect(second.epoch).toBe(2);
      const taken = second.events.at(-1);
      expect(taken).toMatchObject({
        event: "lease_acquired",
        seq: 3,
        epoch: 2,
        actor: person,
        payload: { continues: { seq: 2, hash: last.hash }, reason: "again", set_aside: [] },
      });
      await expect(first.append(finished())).rejects.toMatchObject({ code: "lease_lost" });
      await expect(first.sync()).rejects.toMatchObject({ code: "lease_lost" });
      await expect(first.writeManifest()).rejects.toMatchObject({ code: "lease_lost" });
      await expect(first.putArtifact("a.txt", "x", "text/plain")).rejects.toMatchObject({ code: "lease_lost" });
      await first.release();
      await second.append(finished());
      expect((await store.read(key)).problems).toEqual([]);
      await second.release();
    });

    test("of acquirers at one moment exactly one wins", async () => {
      const store = await open();
      await (await store.create(key, created())).release();
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => store.acquire(key, "race", person)));
      const won = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(won).toHaveLength(1);
      for (const one of tries) if (one.status === "rejected") expect(one.reason).toMatchObject({ code: "run_held" });
      await won[0]?.release();
    });

    test("the manifest is the fold of the events, for the lease and for readers", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      for (const draft of [stepStarted(), modelAnswered(), stepFinished(), finished()]) await lease.append(draft);
      const written = await lease.writeManifest();
      await lease.release();
      expect(written).toEqual(RunManifest.parse(JSON.parse(JSON.stringify(written))));
      expect(await store.manifest(key)).toEqual(written);
      expect(foldManifest(await store.events(key))).toEqual(written);
      expect(written).toMatchObject({ status: "passed", plan_summary: "Change one file", agents: ["planner"] });
    });

    test("an artifact can be read, is recorded by its hash, and cannot take the place of the run's own files", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      await lease.putArtifact("errors/01-read.json", "{}", "application/json");
      const bytes = Uint8Array.from([0, 255, 1]);
      await expect(lease.putArtifact("change.bundle", bytes, "application/x-git-bundle")).rejects.toMatchObject({
        code: "document_invalid",
      });
      await lease.putArtifact("change.bundle", bytes, "application/x-git-bundle", { raw: true });
      expect(Uint8Array.from(await store.readArtifact(key, "change.bundle"))).toEqual(bytes);
      expect(lease.events.at(-1)).toMatchObject({
        event: "artifact_stored",
        payload: { name: "change.bundle", bytes: 3 },
      });
      for (const bad of ["events.jsonl", "events.2.jsonl", "manifest.json", "../x", "a/b", "blobs", ".hidden", ""]) {
        await expect(lease.putArtifact(bad, "x", "text/plain"), bad).rejects.toMatchObject({ code: "path_refused" });
        await expect(store.readArtifact(key, bad), bad).rejects.toMatchObject({ code: "path_refused" });
      }
      await expect(store.readArtifact(key, "none.txt")).rejects.toMatchObject({ code: "run_not_found" });
      await lease.release();
    });

    test("a command waits until it is settled, in the order of arrival whatever the clocks said, whoever asks", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      await store.submit(key, pauseCommand("cmd-b", "2026-01-01T00:00:05.000Z"));
      await store.submit(key, pauseCommand("cmd-a", "2026-01-01T00:00:09.000Z"));
      await store.submit(key, pauseCommand("cmd-c", "2026-01-01T00:00:01.000Z"));
      expect((await lease.pending()).map(({ id }) => id)).toEqual(["cmd-b", "cmd-a", "cmd-c"]);
      await lease.settle("cmd-a");
      await lease.settle("cmd-a");
      await lease.release();
      const next = await store.acquire(key, "again", person);
      expect((await next.pending()).map(({ id }) => id)).toEqual(["cmd-b", "cmd-c"]);
      await next.release();
    });

    test("a command whose event was written before a crash is not obeyed again", async () => {
      const store = await open();
      const first = await store.create(key, created());
      await store.submit(key, pauseCommand());
      await first.append(received(pauseCommand()));
      await first.release();
      const second = await store.acquire(key, "after a crash", person);
      expect(await second.pending()).toEqual([]);
      await second.release();
    });

    test("a command whose id is no name is refused", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      for (const id of ["../x", "", "a b", "x".repeat(200)]) {
        await expect(store.submit(key, pauseCommand(id))).rejects.toMatchObject({ code: "document_invalid" });
      }
      expect(await lease.pending()).toEqual([]);
      await lease.release();
    });

    test("a holder is alive while it holds, and nobody afterwards", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      expect(await store.heartbeat(key)).toMatchObject({ liveness: "alive", heartbeat: { epoch: 1 } });
      await lease.release();
      expect(await store.heartbeat(key)).toEqual({ liveness: "none", heartbeat: null });
    });

    test("a watch gives each event once, over a change of the lease, and ends with the run", async () => {
      const store = await open();
      const first = await store.create(key, created());
      const seen: KnownEvent[] = [];
      const watching = (async () => {
        for await (const event of store.watch(key, {})) seen.push(event);
      })();
      await first.append(modelAnswered("one"));
      await first.append(toolFinished("y".repeat(9000)));
      await first.release();
      const second = await store.acquire(key, "again", person);
      await second.append(modelAnswered("two"));
      await second.append(finished());
      await watching;
      expect(seen).toEqual(second.events);
      const late: string[] = [];
      for await (const event of store.watch(key, { fromSeq: 5 })) late.push(event.event);
      expect(late).toEqual(["model_answered", "run_finished"]);
      await second.release();
    });

    test("a watch ends when it is told to, and one of a run that does not exist says so", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      const stop = new AbortController();
      const seen: string[] = [];
      for await (const event of store.watch(key, { signal: stop.signal })) {
        seen.push(event.event);
        if (event.event === "lease_acquired") setTimeout(() => stop.abort(), 20);
      }
      expect(seen).toEqual(["run_created", "lease_acquired"]);
      await lease.release();
      const none = store.watch({ taskId: "task-1", runId: "none" }, {})[Symbol.asyncIterator]();
      await expect(none.next()).rejects.toMatchObject({ code: "run_not_found" });
    });

    test("the list is newest first, in pages, by task and by status", async () => {
      const store = await open();
      for (const [taskId, runId] of [
        ["t1", "20260101-a"],
        ["t2", "20260103-c"],
        ["t1", "20260102-b"],
      ] as const) {
        const lease = await store.create({ taskId, runId }, created({ title: runId }));
        if (runId === "20260102-b") for (const draft of [asked(), blocked()]) await lease.append(draft);
        else await lease.append(finished());
        await lease.writeManifest();
        await lease.release();
      }
      const first = await store.list({ limit: 2 });
      expect(first.rows.map((row) => row.key.runId)).toEqual(["20260103-c", "20260102-b"]);
      const second = await store.list({ limit: 2, cursor: first.cursor ?? "" });
      expect(second.rows.map((row) => row.key.runId)).toEqual(["20260101-a"]);
      expect(second.cursor).toBeNull();
      expect((await store.list({ limit: 9, taskId: "t1" })).rows).toHaveLength(2);
      const { rows } = await store.list({ limit: 9, status: "blocked" });
      expect(rows).toMatchObject([{ damaged: false, status: "blocked", title: "20260102-b", liveness: "none" }]);
      expect(await store.keys()).toHaveLength(3);
      await expect(store.list({ limit: 0 })).rejects.toMatchObject({ code: "usage" });
      await expect(store.list({ limit: 1, cursor: "x" })).rejects.toMatchObject({ code: "usage" });
    });

    test("an event that would not fit the schema is refused before it is written, and the log goes on", async () => {
      const store = await open();
      const lease = await store.create(key, created());
      const bad = { ...stepStarted(), actor: { ...runner, id: "" } };
      await expect(lease.append(bad)).rejects.toMatchObject({ code: "document_invalid" });
      await lease.append(stepStarted());
      expect((await store.read(key)).problems).toEqual([]);
      await lease.release();
    });
  });
}
