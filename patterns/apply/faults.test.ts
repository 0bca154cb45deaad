import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { type DiskFaults, failingDisk, systemDisk } from "../../orchestrator/io/disk.ts";
import {
  fingerprint,
  temporaryFolder,
  writeFiles,
} from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import { createPatternWorkbench } from "./pattern-workbench.ts";

const files = { "a.js": "require('fs');\n", "b/b.js": { executable: "require('os');\r\n" }, "b/c.ts": "import 'path'" };

function benchOn(disk = systemDisk) {
  return createPatternWorkbench({ clock: systemClock, workerModule: null, threads: 0, disk });
}

function apply(root: string, disk = systemDisk) {
  return benchOn(disk).apply({ patterns: ["node-protocol"], folder: root, dryRun: false, settings: {} });
}

/** Source files alone: what of ours may lie in the folder is another matter. */
const stateOf = (root: string) => fingerprint(root, (path) => path.startsWith(".patterns"));

/** In memory where the system offers that: what is tried here is the order of calls, not how long a disk takes to sync. */
function folder(): string {
  const root = temporaryFolder("folder", existsSync("/dev/shm") ? "/dev/shm" : undefined);
  writeFiles(root, files);
  return root;
}

/** Each call of the disk that a change makes, counted on a sound one. */
async function countCalls(work: (disk: typeof systemDisk) => Promise<unknown>) {
  const calls = { write: 0, sync: 0, rename: 0 };
  await work({
    ...systemDisk,
    write: (fd, bytes) => {
      calls.write += 1;
      return systemDisk.write(fd, bytes);
    },
    sync: (fd, what) => {
      calls.sync += 1;
      return systemDisk.sync(fd, what);
    },
    rename: (from, to) => {
      calls.rename += 1;
      systemDisk.rename(from, to);
    },
  });
  return calls;
}

/** Every single call failing for good, every other one also failing once, and writes in their middle. */
function everyFault(calls: Readonly<Record<"write" | "sync" | "rename", number>>): readonly DiskFaults[] {
  return Object.entries(calls).flatMap(([call, count]) =>
    Array.from({ length: count }, (_, index) => index + 1).flatMap((at) => [
      { [call]: at },
      ...(at % 2 === 0 ? [{ [call]: at, once: true }] : []),
      ...(call === "write" ? [{ [call]: at, writtenBytes: 3 }] : []),
    ]),
  );
}

test("whichever call of the disk fails, an application leaves all files or none changed, at the latest after the next one", async () => {
  const root = folder();
  const before = stateOf(root);
  const calls = await countCalls((disk) => apply(root, disk));
  const after = stateOf(root);
  expect(Math.min(calls.write, calls.sync, calls.rename)).toBeGreaterThan(4);
  const seen = { asBefore: 0, leftToTheNext: 0, applied: 0 };
  for (const faults of everyFault(calls)) {
    const spoiled = folder();
    await expect(apply(spoiled, failingDisk(faults))).rejects.toThrow(/disk|cannot|fault|fitted/);
    if (JSON.stringify(stateOf(spoiled)) === JSON.stringify(before)) seen.asBefore += 1;
    else seen.leftToTheNext += 1;
    const { report } = await benchOn().apply({
      patterns: ["structured-event-emit"],
      folder: spoiled,
      dryRun: false,
      settings: {},
    });
    expect(report.outcome).toBe("unchanged");
    const isWhole = JSON.stringify(stateOf(spoiled)) === JSON.stringify(after);
    if (isWhole) seen.applied += 1;
    else expect(stateOf(spoiled)).toEqual(before);
  }
  // Only the very last sync can fail after the change was made.
  expect(seen.applied).toBe(1);
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});

test("whichever call of the disk fails, an undo puts all files back or none, at the latest after the next one", async () => {
  const root = folder();
  const before = stateOf(root);
  await apply(root);
  const after = stateOf(root);
  const calls = await countCalls((disk) => benchOn(disk).undo("latest", root));
  for (const faults of everyFault(calls)) {
    const spoiled = folder();
    const { report } = await apply(spoiled);
    await expect(benchOn(failingDisk(faults)).undo("latest", spoiled)).rejects.toThrow();
    expect(
      [JSON.stringify(before), JSON.stringify(after)].includes(JSON.stringify(stateOf(spoiled))) || isOpen(spoiled),
    ).toBe(true);
    expect(await benchOn().undo(report.journal ?? "", spoiled)).toMatchObject({
      outcome: expect.stringMatching(/undone/),
    });
    expect(stateOf(spoiled)).toEqual(before);
  }
  function isOpen(place: string): boolean {
    return fingerprintOfJournals(place).includes('"state":"open"');
  }
});

function fingerprintOfJournals(root: string): string {
  const journals = join(root, ".patterns/journals");
  return Object.keys(fingerprint(journals))
    .filter((path) => path.endsWith("journal.json"))
    .map((path) => readFileSync(join(journals, path), "utf8"))
    .join("");
}

test("what a cut off application left is not put back over somebody's edit, and a dry run waits for that to be mended", async () => {
  const root = folder();
  await expect(apply(root, failingDisk({ rename: 3 }))).rejects.toThrow(/could not be put back/);
  const dry = () => benchOn().apply({ patterns: ["node-protocol"], folder: root, dryRun: true, settings: {} });
  await expect(dry()).rejects.toMatchObject({ code: "change_unfinished" });
  const torn = readFileSync(join(root, "a.js"));
  writeFileSync(join(root, "a.js"), "edited\n");
  await expect(apply(root)).rejects.toMatchObject({
    code: "change_unfinished",
    message: expect.stringMatching(/: a\.js;/),
  });
  expect(readFileSync(join(root, "a.js"), "utf8")).toBe("edited\n");
  writeFileSync(join(root, "a.js"), torn);
  expect((await apply(root)).report).toMatchObject({ outcome: "applied", recovered: { length: 1 } });
});

test("undo latest puts back the change that was cut off, and leaves the one before it", async () => {
  const root = folder();
  await apply(root);
  const before = stateOf(root);
  writeFiles(root, { "d.js": 'bus.emit("a", b);\n', "e.js": 'bus.emit("a", b);\n' });
  const begun = stateOf(root);
  const broken = benchOn(failingDisk({ rename: 3 }));
  const request = { patterns: ["structured-event-emit"], folder: root, dryRun: false, settings: {} };
  await expect(broken.apply(request)).rejects.toThrow();
  expect(stateOf(root)).not.toEqual(begun);
  expect(await benchOn().undo("latest", root)).toMatchObject({ outcome: "undone", restored: [expect.any(String)] });
  expect(stateOf(root)).toEqual(begun);
  expect(begun).not.toEqual(before);
});
