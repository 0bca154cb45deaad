import { join } from "node:path";
import { isPresent } from "../io/append-file.ts";
import type { Disk } from "../io/disk.ts";
import { ensureDirectory, listDirectory, readFileIfThere, removeTree, writeFileAtomic } from "../io/files.ts";
import { mapBounded } from "../io/map-bounded.ts";
import { moveFile } from "../io/move-file.ts";
import { Command } from "../schema/command.ts";
import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { Slug } from "../schema/primitives.ts";

/** No more commands than this wait for one run. */
const commandsMax = 1000;

const commandBytesMax = 65_536;

/** The commands that wait in the folder of one run: a file each, named by its number in the order of arrival and by the command's id. */
export interface Inbox {
  /** Durable when it resolves; the same id again replaces the command. Throws `document_invalid`, `run_state_refused` (full), `disk_failed`. */
  put(command: Command): Promise<void>;
  /** The commands in the order in which they arrived, whatever their senders' clocks said. A file that holds none is renamed to end in `.bad` and reported. Throws `disk_failed`. */
  list(): Promise<readonly Command[]>;
  remove(id: string): Promise<void>;
}

/** The inbox of the run in `directory`. */
export function createInbox(directory: string, report: (message: string) => void, disk?: Disk): Inbox {
  const folder = join(directory, "inbox");
  return {
    async put(command) {
      refuseCommandId(command.id);
      await ensureDirectory(folder);
      const waiting = await listCommandFiles(folder);
      const same = waiting.find(({ id }) => id === command.id);
      refuseFullInbox(same === undefined ? waiting.length : 0);
      const number = same?.number ?? (waiting.at(-1)?.number ?? 0) + 1;
      await writeFileAtomic(join(folder, `${number}-${command.id}.json`), `${JSON.stringify(command)}\n`, {
        durable: true,
        ...(disk === undefined ? {} : { disk }),
      });
    },
    async list() {
      // Looked at between any two moves of a run; nearly every run is never told anything, and has no such folder.
      if (!isPresent(folder)) return [];
      const files = (await listCommandFiles(folder)).slice(0, commandsMax);
      const found = await mapBounded(files, 8, (file) => readCommand(folder, file, report));
      return found.flatMap((command) => command ?? []);
    },
    async remove(id) {
      for (const file of await listCommandFiles(folder)) if (file.id === id) await removeTree(join(folder, file.name));
    },
  };
}

/** Throws `run_state_refused` where no further command may wait. */
export function refuseFullInbox(waiting: number): void {
  if (waiting < commandsMax) return;
  const message = `${waiting} commands already wait for this run; start a runner (resume) to work through them`;
  throw new OrchestratorError("run_state_refused", message);
}

/** Throws `document_invalid` for an id that cannot be a part of a file's name. */
export function refuseCommandId(id: string): void {
  if (Slug.safeParse(id).success) return;
  throw new OrchestratorError(
    "document_invalid",
    `"${id}" cannot be the id of a command: use letters, digits, '.', '_' and '-'`,
  );
}

interface CommandFile {
  readonly name: string;
  readonly number: number;
  readonly id: string;
}

/** In the order of arrival; two that arrived at the same moment may have the same number. */
async function listCommandFiles(folder: string): Promise<readonly CommandFile[]> {
  const entries = await listDirectory(folder);
  const files = entries.flatMap(({ name }) => {
    if (!name.endsWith(".json") || name.startsWith(".")) return [];
    const parts = /^(\d{1,15})-(.+)\.json$/.exec(name);
    return [{ name, number: Number(parts?.[1] ?? 0), id: parts?.[2] ?? "" }];
  });
  return files.sort((left, right) => left.number - right.number || (left.name < right.name ? -1 : 1));
}

async function readCommand(
  folder: string,
  { name, id }: CommandFile,
  report: (message: string) => void,
): Promise<Command | null> {
  const path = join(folder, name);
  try {
    const bytes = await readFileIfThere(path, commandBytesMax);
    if (bytes === null) return null;
    const command = Command.parse(JSON.parse(bytes.toString("utf8")));
    if (id !== command.id) throw new Error(`it holds the command ${command.id}`);
    return command;
  } catch (error) {
    await moveFile(path, `${path}.bad`);
    report(`${path} is no command and was set aside as ${name}.bad: ${messageOf(error)}`);
    return null;
  }
}
