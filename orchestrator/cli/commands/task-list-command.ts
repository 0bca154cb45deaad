import { join } from "node:path";
import { documentBytesMax } from "../../evidence/document-bytes-max.ts";
import { parseChecklist } from "../../evidence/guard/checklist.ts";
import { parseTaskFile } from "../../evidence/task-file.ts";
import { listDirectory, readFileIfThere } from "../../io/files.ts";
import { messageOf } from "../../schema/errors.ts";
import { findRepositoryRoot } from "../../workspace/inspect-repository.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layTable } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";
import { repositoryFolder } from "./open-repository.ts";

interface TaskRow {
  readonly file: string;
  readonly id: string | null;
  readonly title: string;
  readonly done: number;
  readonly open: number;
}

/** `task list`: the task files, and how far each is. One that cannot be read says why. */
export async function taskListCommand(context: CommandContext): Promise<number> {
  const { printer, format } = context;
  const root = await findRepositoryRoot(repositoryFolder(context));
  const names = (await listDirectory(join(root, "tasks"))).filter(
    (entry) => entry.isFile() && entry.name.endsWith(".md"),
  );
  const rows = await Promise.all(
    names.filter(({ name }) => name !== "README.md").map(({ name }) => readRow(root, name)),
  );
  if (format === "json") printer.printJson({ tasks: rows });
  else
    printer.print(
      rows.length === 0
        ? "no tasks in tasks/"
        : layTable(
            rows.map(({ file, id, title, done, open }) => [id ?? "?", `${done}/${done + open}`, safeLine(title), file]),
            0,
          ),
    );
  return exitCodes.yes;
}

async function readRow(root: string, name: string): Promise<TaskRow> {
  const file = `tasks/${name}`;
  const text = (await readFileIfThere(join(root, file), documentBytesMax))?.toString("utf8") ?? "";
  const items = parseChecklist(text);
  const done = items.filter(({ checked }) => checked).length;
  const counts = { done, open: items.length - done };
  try {
    const { id, title } = parseTaskFile(text, file);
    return { file, id, title, ...counts };
  } catch (error) {
    return { file, id: null, title: messageOf(error), ...counts };
  }
}
