import { join } from "node:path";
import { isPresent } from "../io/append-file.ts";
import { createBeatThread } from "../io/beat-thread.ts";
import type { Clock } from "../io/clock.ts";
import { type Disk, systemDisk } from "../io/disk.ts";
import { fileSize, readFileIfThere } from "../io/files.ts";
import { formatIdentity, identifyProcess } from "../io/host.ts";
import { readSmallFile } from "../io/small-file.ts";
import { watchFolder } from "../io/watch-folder.ts";
import type { Redactor } from "../schema/process-port.ts";
import type { RunManifest } from "../schema/run-manifest.ts";
import type { RunKey, RunRow, RunStore } from "../schema/run-store.ts";
import type { Signer } from "../schema/signing.ts";
import { refuseArtifactName } from "./artifact-name.ts";
import { acquireRun, type ClaimContext, createRun } from "./file-run-claim.ts";
import type { HeartbeatSettings } from "./heartbeat-file.ts";
import { createInbox } from "./inbox.ts";
import { createLogTail } from "./log-tail.ts";
import { foldManifest } from "./manifest-fold.ts";
import { readMetricsTable } from "./metrics-table.ts";
import type { RunArchive } from "./run-archive.ts";
import { listRunKeys, readBlobFile, runDirectory } from "./run-directory.ts";
import { judgeLiveness, seeHolder } from "./run-holder.ts";
import { listPage } from "./run-list.ts";
import { artifactNotFound, runNotFound } from "./run-refusals.ts";
import { damagedRow, parseManifestHead, rowOf } from "./run-row.ts";
import { segmentName } from "./segment-name.ts";
import { manifestBytesMax, readKnownLog, readWholeLog } from "./sound-log.ts";
import { watchEvents, watchPauseMs } from "./watch-events.ts";

const artifactBytesMax = 268_435_456;

/** How runs are kept in files. */
export interface FileRunStoreOptions {
  /** The `.runs` folder; made with the first run. */
  readonly root: string;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly heartbeat: HeartbeatSettings;
  /** Who this process is, as `formatIdentity` writes it; default: looked up. */
  readonly holder?: string;
  /** How what is recorded reaches the disk; default: by the operating system. */
  readonly disk?: Disk;
  /** Signs the manifests of finished runs; default: they are not signed. */
  readonly signer?: Signer | undefined;
  /** Told of what went wrong beside a run without harming it: a missed heartbeat, a damaged command. Default: nobody. */
  readonly report?: (message: string) => void;
}

/** Runs under one `.runs` folder, as `docs/architecture.md` lays them out. */
export function createFileRunStore(options: FileRunStoreOptions): RunArchive {
  const context = createContext(options);
  const { root, clock, redactor, report } = context;
  const directoryOf = (key: RunKey) => runDirectory(root, key);
  return {
    create: (key, first) => createRun(context, key, first),
    acquire: (key, reason, actor) => acquireRun(context, key, reason, actor),
    async read(key) {
      const { log, problems } = await readKnownLog(key, directoryOf(key));
      return { events: log.events.map(({ event }) => event), problems };
    },
    events: async (key) => (await readWholeLog(key, directoryOf(key))).events,
    watch: (key, query) => watchRun(key, directoryOf(key), query),
    manifest: (key) => readManifest(key, directoryOf(key)),
    async heartbeat(key) {
      const sight = await seeHolder(existing(key, directoryOf(key)));
      return {
        heartbeat: sight.isReleased ? null : sight.heartbeat,
        liveness: await judgeLiveness(sight, clock.now()),
      };
    },
    async submit(key, command) {
      const directory = existing(key, directoryOf(key));
      await createInbox(directory, report, context.disk).put(await redactor.json(command));
    },
    waiting: (key) => createInbox(existing(key, directoryOf(key)), report, context.disk).list(),
    list: async (query) => listPage(await listRunKeys(root), query, (key) => readRow(key, directoryOf(key), clock)),
    keys: () => listRunKeys(root),
    metrics: () => readMetricsTable(root),
    readArtifact: (key, name) => readArtifact(key, directoryOf(key), name),
    readBlob: (key, sha256) => readBlobFile(directoryOf(key), sha256),
  };
}

function createContext(options: FileRunStoreOptions): ClaimContext {
  let holder: Promise<string> | null = null;
  const identify = async () => options.redactor.text(options.holder ?? formatIdentity(await identifyProcess()));
  return {
    ...options,
    disk: options.disk ?? systemDisk,
    report: options.report ?? (() => {}),
    thread: createBeatThread(),
    letGo: new Set(),
    holder: () => {
      holder ??= identify();
      return holder;
    },
  };
}

function existing(key: RunKey, directory: string): string {
  if (!isPresent(directory)) throw runNotFound(key);
  return directory;
}

async function* watchRun(key: RunKey, directory: string, query: Parameters<RunStore["watch"]>[1]) {
  const folder = watchFolder(existing(key, directory));
  yield* watchEvents(
    {
      ...createLogTail(directory),
      readBlob: (sha256) => readBlobFile(directory, sha256),
      change: (signal) => folder.change(watchPauseMs, signal),
      close: () => folder.close(),
    },
    query,
  );
}

async function readManifest(key: RunKey, directory: string): Promise<RunManifest> {
  const { events } = await readWholeLog(key, directory);
  return foldManifest(events);
}

async function readRow(key: RunKey, directory: string, clock: Clock): Promise<RunRow> {
  try {
    const bytes = await readSmallFile(join(directory, "manifest.json"), manifestBytesMax);
    const head = bytes === null ? await readManifest(key, directory) : parseManifestHead(key, bytes);
    await assertLogThere(directory);
    return await rowOf(key, head, async () => judgeLiveness(await seeHolder(directory), clock.now()));
  } catch (error) {
    return damagedRow(key, error);
  }
}

/** What was changed inside a log is for `verify`: a list of many runs reads none of them whole. */
async function assertLogThere(directory: string): Promise<void> {
  const bytes = await fileSize(join(directory, segmentName(1)));
  if (bytes === null || bytes === 0) throw new Error(`${segmentName(1)} is ${bytes === null ? "missing" : "empty"}`);
}

async function readArtifact(key: RunKey, directory: string, name: string): Promise<Uint8Array> {
  refuseArtifactName(name);
  const bytes = await readFileIfThere(join(directory, name), artifactBytesMax);
  if (bytes === null) throw artifactNotFound(key, name);
  return bytes;
}
