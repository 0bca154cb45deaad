import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { type Disk, type DiskFaults, failingDisk, systemDisk } from "../../orchestrator/io/disk.ts";
import { formatIdentity, identifyProcess } from "../../orchestrator/io/host.ts";
import { createRedactor } from "../../orchestrator/io/redact/redactor.ts";
import { beginRun } from "../../orchestrator/manager/run-in-memory.test-support.ts";
import { createFileRunStore } from "../../orchestrator/runs/file-run-store.ts";
import { verifyRun } from "../../orchestrator/runs/verify-run.ts";
import { isOrchestratorError } from "../../orchestrator/schema/errors.ts";
import type { RunManifest } from "../../orchestrator/schema/run-manifest.ts";
import type { RunKey } from "../../orchestrator/schema/run-store.ts";
import { temporaryFolder } from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { essenceOf } from "../support/essence.ts";
import { doublesIn } from "../support/happened-once.ts";

const person = { kind: "person", id: "ada", authenticated_by: "local_user" } as const;
const kinds = ["write", "sync", "rename"] as const;
const counts: Record<string, string>[] = [];

afterAll(() => {
  if (process.env["FAULT_SWEEP"] !== undefined) console.table(counts);
});

const forms: readonly [string, DiskFaults][] = [
  ["once", { once: true }],
  ["from then on", {}],
];
const partialForms: readonly [string, DiskFaults][] = [
  ["with a part written", { writtenBytes: 9, once: true }],
  ["with a part written that cannot be cut off", { writtenBytes: 9, cut: 1 }],
];

describe.each(kinds)("a disk that fails at any %s", (kind) => {
  test.each(kind === "write" ? [...forms, ...partialForms] : forms)(
    "%s: the run faults clearly or goes through, and is whole when it was gone on with",
    async (form, faults) => {
      const { calls, manifest: undisturbed } = await countCalls();
      let faulted = 0;
      for (let nth = 1; nth <= calls[kind]; nth += 1) {
        const hint = `${kind} ${nth} of ${calls[kind]}, ${form}`;
        const root = join(temporaryFolder("runs"), ".runs");
        const first = await attempt(root, failingDisk({ ...faults, [kind]: nth }), hint);
        if (first !== null) faulted += 1;
        await finishAndCheck(root, first?.begun ?? null, undisturbed, hint);
        rmSync(root, { recursive: true });
      }
      counts.push({ kind, form, places: String(calls[kind]), faulted: String(faulted) });
      expect(faulted).toBeGreaterThan(0);
    },
    120_000,
  );
});

test("a disk that fails again at any call of the take-over after a torn line leaves a run that the next one finishes whole", async () => {
  const { manifest: undisturbed } = await countCalls();
  let faulted = 0;
  for (const kind of [...kinds, "cut"] as const) {
    for (let nth = 1; nth <= 12; nth += 1) {
      const hint = `${kind} ${nth} of the take-over`;
      const root = join(temporaryFolder("runs"), ".runs");
      const first = await attempt(root, failingDisk({ write: 20, writtenBytes: 30, cut: 1 }), hint);
      const begun = first?.begun ?? null;
      if (begun === null) throw new Error("the first runner was to fault");
      const disk = failingDisk({ [kind]: nth });
      faulted += await drive(root, begun, disk).then(
        () => 0,
        (error: unknown) => refuseUnclear(error, hint),
      );
      await finishAndCheck(root, begun, undisturbed, hint);
      rmSync(root, { recursive: true });
    }
  }
  counts.push({ kind: "all", form: "again at the take-over", places: "48", faulted: String(faulted) });
  expect(faulted).toBeGreaterThan(20);
  // A claim that could not even write its heartbeat looks unknown to the next runner, which watches it for 30 s.
}, 240_000);

test.skipIf(process.getuid?.() === 0)(
  "a folder that becomes read-only faults the run clearly, and it is whole when it was gone on with",
  async () => {
    const { manifest: undisturbed } = await countCalls();
    const root = join(temporaryFolder("runs"), ".runs");
    const begun = await beginRun({ store: await openStore(root, systemDisk) });
    const folder = join(root, begun.key.taskId, begun.key.runId);
    chmodSync(folder, 0o500);
    const error = await begun.drive().catch((thrown: unknown) => thrown);
    chmodSync(folder, 0o700);
    refuseUnclear(error, "read-only");
    await finishAndCheck(root, begun, undisturbed, "read-only");
  },
);

type Begun = Awaited<ReturnType<typeof beginRun>>;

/** Begins a run on a disk and drives it. Null where it went through; otherwise the run, or null in its place where there is none. */
async function attempt(root: string, disk: Disk, hint: string): Promise<{ begun: Begun | null } | null> {
  let begun: Begun | null = null;
  try {
    begun = await beginRun({ store: await openStore(root, disk) });
    await begun.drive();
    return null;
  } catch (error) {
    refuseUnclear(error, hint);
    return { begun };
  }
}

/** Fails for anything but a fault of the disk that says where it happened. */
function refuseUnclear(error: unknown, hint: string): 1 {
  if (!isOrchestratorError(error, "disk_failed")) throw new Error(`${hint}: no fault of the disk`, { cause: error });
  expect(error.message, hint).toMatch(/^cannot \w+(?: \w+)? \/\S+: /);
  return 1;
}

async function drive(root: string, begun: Begun, disk: Disk): Promise<RunManifest> {
  const store = await openStore(root, disk);
  return begun.drive(await store.acquire(begun.key, "there is space again", person));
}

/** With a disk that works: goes on with the run, or makes one where there is none, and looks at all that it left. */
async function finishAndCheck(
  root: string,
  begun: Begun | null,
  undisturbed: RunManifest,
  hint: string,
): Promise<void> {
  const store = await openStore(root, systemDisk);
  const fresh = begun ?? ((await store.keys()).length === 0 ? await beginRun({ store }) : null);
  if (begun !== null) await drive(root, begun, systemDisk);
  else await fresh?.drive();
  const keys: readonly RunKey[] = await store.keys();
  expect(keys, hint).toHaveLength(1);
  for (const key of keys) {
    const [manifest, events] = [await store.manifest(key), await store.events(key)];
    expect(essenceOf(manifest), hint).toEqual(essenceOf(undisturbed));
    expect(doublesIn(events), hint).toEqual([]);
    expect(await verifyRun(join(root, key.taskId, key.runId)), hint).toMatchObject({ ok: true, problems: [] });
    expect(
      (await store.metrics()).rows.map(({ run_id }) => run_id),
      hint,
    ).toEqual([key.runId]);
    // Where the run went through, its very last heartbeat may be what failed.
    if (begun !== null) expect((await store.heartbeat(key)).liveness, hint).toBe("none");
  }
}

/** A store whose runs seem to be held by a process that is dead, since nothing of this one survives a fault. */
async function openStore(root: string, disk: Disk) {
  const own = await identifyProcess();
  return createFileRunStore({
    root,
    disk,
    clock: systemClock,
    redactor: createRedactor({ scanner: { scan: async () => [] } }),
    heartbeat: { intervalSeconds: 10, staleAfterSeconds: 30 },
    holder: formatIdentity({ ...own, start: own.start === null ? null : "1" }),
  });
}

/** How often an undisturbed run asks the disk for each deed. */
async function countCalls() {
  const calls = { write: 0, sync: 0, rename: 0 };
  const disk: Disk = {
    ...systemDisk,
    write(fd, bytes) {
      calls.write += 1;
      return systemDisk.write(fd, bytes);
    },
    sync(fd, what) {
      calls.sync += 1;
      return systemDisk.sync(fd, what);
    },
    rename(from, to) {
      calls.rename += 1;
      systemDisk.rename(from, to);
    },
  };
  const root = join(temporaryFolder("runs"), ".runs");
  const begun = await beginRun({ store: await openStore(root, disk) });
  return { calls, manifest: await begun.drive() };
}
