import { join } from "node:path";
import { isPresent } from "../io/append-file.ts";
import type { Disk } from "../io/disk.ts";
import { ensureDirectory, listDirectory, readFileIfThere, removeTree, writeFileAtomic } from "../io/files.ts";
import { moveFile } from "../io/move-file.ts";
import { Command } from "../schema/command.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { Slug } from "../schema/primitives.ts";
import { mapBounded } from "./map-bounded.ts";

/** No more commands than this wait for one run. */
const commandsMax = 1000;

const commandBytesMax = 65_536;

/** The commands that wait in the folder of one run: a file each, named after the command's id. */
export interface Inbox {
  /** Durable when it resolves; the same id again replaces the command. Throws `document_invalid`, `run_state_refused` (full), `disk_failed`. */
  put(command: Command): Promise<void>;
  /** The commands, oldest first. A file that holds none is renamed to end in `.bad` and reported. Throws `disk_failed`. */
  list(): Promise<readonly Command[]>;
  remove(id: string): Promise<void>;
}

/** The inbox of the run in `directory`. */
export function createInbox(directory: string, report: (message: string) => void, disk?: Disk): Inbox {
  const folder = join(directory, "inbox");
  return {
    async put(command) {
      const name = commandFile(command.id);
      await ensureDirectory(folder);
      const waiting = await listCommandFiles(folder);
      refuseFullInbox(waiting.includes(name) ? 0 : waiting.length);
      await writeFileAtomic(join(folder, name), `${JSON.stringify(command)}\n`, {
        durable: true,
        ...(disk === undefined ? {} : { disk }),
      });
    },
    async list() {
      // Looked at between any two moves of a run; nearly every run is never told anything, and has no such folder.
      if (!isPresent(folder)) return [];
      const names = (await listCommandFiles(folder)).slice(0, commandsMax);
      const found = await mapBounded(names, 8, (name) => readCommand(folder, name, report));
      return found.flatMap((command) => command ?? []).sort(compareOldestFirst);
    },
    remove: (id) => removeTree(join(folder, commandFile(id))),
  };
}

/** Throws `run_state_refused` where no further command may wait. */
export function refuseFullInbox(waiting: number): void {
  if (waiting < commandsMax) return;
  const message = `${waiting} commands already wait for this run; start a runner (resume) to work through them`;
  throw new OrchestratorError("run_state_refused", message);
}

/** The order in which commands are obeyed. */
export function compareOldestFirst(left: Command, right: Command): number {
  if (left.at !== right.at) return left.at < right.at ? -1 : 1;
  return left.id === right.id ? 0 : left.id < right.id ? -1 : 1;
}

/** The name of a command's file. Throws `document_invalid` for an id that cannot be one. */
export function commandFile(id: string): string {
  if (Slug.safeParse(id).success) return `${id}.json`;
  throw new OrchestratorError(
    "document_invalid",
    `"${id}" cannot be the id of a command: use letters, digits, '.', '_' and '-'`,
  );
}

async function listCommandFiles(folder: string): Promise<readonly string[]> {
  const entries = await listDirectory(folder);
  return entries.flatMap(({ name }) => (name.endsWith(".json") && !name.startsWith(".") ? [name] : []));
}

async function readCommand(folder: string, name: string, report: (message: string) => void): Promise<Command | null> {
  const path = join(folder, name);
  try {
    const bytes = await readFileIfThere(path, commandBytesMax);
    if (bytes === null) return null;
    const command = Command.parse(JSON.parse(bytes.toString("utf8")));
    if (name !== `${command.id}.json`) throw new Error(`it holds the command ${command.id}`);
    return command;
  } catch (error) {
    await moveFile(path, `${path}.bad`);
    report(`${path} is no command and was set aside as ${name}.bad: ${messageOf(error)}`);
    return null;
  }
}
