import { dirname, join } from "node:path";
import { type AppendFile, isPresent, syncFile } from "../io/append-file.ts";
import type { Disk } from "../io/disk.ts";
import { diskFault, ensureDirectory, readFileIfThere, writeFileAtomic } from "../io/files.ts";
import { replaceSmallFile, syncFolder } from "../io/small-file.ts";
import { writeHashed } from "../io/write-hashed.ts";
import { isOrchestratorError, messageOf, OrchestratorError } from "../schema/errors.ts";
import type { BeatingHeart } from "./heartbeat-file.ts";
import type { Inbox } from "./inbox.ts";
import type { LeaseBackend } from "./lease-backend.ts";
import { writeHead } from "./log-head.ts";
import { addMetrics, metricsFileName } from "./metrics-file.ts";
import { segmentName } from "./segment-name.ts";

/** The parts of a lease on files. */
export interface FileLeaseParts {
  readonly runId: string;
  readonly epoch: number;
  readonly directory: string;
  /** The segment that was created for this lease. */
  readonly file: AppendFile;
  /** Folders with new entries, to be made durable with the first sync. */
  readonly newFolders: readonly string[];
  readonly heart: BeatingHeart;
  readonly inbox: Inbox;
  readonly report: (message: string) => void;
  readonly disk: Disk;
  /** Called where the heartbeat could not say that the run is free. */
  readonly onSilentRelease: () => void;
}

/** No file is read back that has more bytes. */
const fileBytesMax = 67_108_864;

/** A file up to this length (in bytes, or characters of a text) is written at once, beside which handing it to another thread is dear. */
const smallBytesMax = 65_536;

/** A lease in the folder of one run. */
export function createFileLeaseBackend(parts: FileLeaseParts): LeaseBackend {
  const { directory, file, epoch, runId, heart, inbox, disk } = parts;
  const next = join(directory, segmentName(epoch + 1));
  const files = new Set<string>();
  const folders = new Set(parts.newFolders);

  const refuseLost = () => {
    if (isPresent(next)) throw lost(runId, epoch);
  };
  const fenced = fenceRenames(disk, refuseLost);
  const putFile = async (name: string, bytes: string | Uint8Array): Promise<void> => {
    const path = join(directory, name);
    if (name.includes("/")) await ensureDirectory(dirname(path));
    if (bytes.length > smallBytesMax) await writeFileAtomic(path, bytes, { disk: fenced }).catch(throwLost);
    else await replaceSmallFile(path, bytes, false, fenced).catch(throwLost);
    files.add(path);
    folders.add(directory).add(dirname(path));
  };
  return {
    appendLine: (line) => file.append(line),
    assertHeld() {
      refuseLost();
      if (!file.isInPlace())
        throw diskFault("write", file.path, new Error("the file was removed or replaced meanwhile"));
    },
    putHead: (head) =>
      writeHead(directory, head, fenced).catch((error: unknown) => {
        parts.report(`the head of the log was not noted: ${messageOf(error)}`);
      }),
    async sync() {
      await Promise.all([file.sync(), ...[...files].map((path) => syncFile(path, disk))]);
      await Promise.all([...folders].map((path) => syncFolder(path, disk)));
      files.clear();
      folders.clear();
    },
    putBlob: (sha256, content) => putFile(`blobs/${sha256}`, content),
    async streamBlob(chunks) {
      const folder = join(directory, "blobs");
      await ensureDirectory(folder);
      const sha256 = await writeHashed(folder, chunks, fenced).catch(throwLost);
      files.add(join(folder, sha256));
      folders.add(directory).add(folder);
      return sha256;
    },
    putFile,
    getFile: (name) => readFileIfThere(join(directory, name), fileBytesMax).catch(() => null),
    putManifest: (text, isFinal) =>
      replaceSmallFile(join(directory, "manifest.json"), text, isFinal, fenced).catch(throwLost),
    async putMetrics(metrics) {
      try {
        await addMetrics(join(dirname(directory), metricsFileName), metrics, epoch > 1, disk);
      } catch (error) {
        // The run is finished and its record whole; the figures are computed from that record where the line is missing.
        parts.report(`the metrics of run ${runId} were not written: ${messageOf(error)}`);
      }
    },
    commands: () => inbox.list(),
    dropCommand: (id) => inbox.remove(id),
    working: (stepId) => heart.working(stepId),
    async close(isLost) {
      const saidSo = await heart.stop(!isLost);
      if (!saidSo) parts.onSilentRelease();
      file.close();
    },
  };
}

/** A disk that looks for a newer segment right before a file takes its place: a runner that slept meanwhile puts back nothing old. */
function fenceRenames(disk: Disk, refuseLost: () => void): Disk {
  return {
    ...disk,
    rename(from, to) {
      refuseLost();
      disk.rename(from, to);
    },
  };
}

/** A lease that is found lost in the middle of a write is no fault of the disk. */
function throwLost(error: unknown): never {
  const isLost = isOrchestratorError(error, "disk_failed") && isOrchestratorError(error.cause, "lease_lost");
  throw isLost ? error.cause : error;
}

function lost(runId: string, epoch: number): OrchestratorError {
  return new OrchestratorError(
    "lease_lost",
    `another runner took over run ${runId} while this one (epoch ${epoch}) was silent; what this one writes is no part of the run any more`,
  );
}
