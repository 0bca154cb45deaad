import type { CommandContext } from "../command-spec.ts";
import type { Examination } from "../doctor/examination.ts";
import { examineMachine } from "../doctor/examine-machine.ts";
import { examineRepository } from "../doctor/examine-repository.ts";
import { exitCodes } from "../exit-code.ts";
import { displayWidth, padText } from "../text/display-width.ts";
import { indentText } from "../text/layout.ts";
import type { Paint } from "../text/paint.ts";
import { safeBlock } from "../text/safe-text.ts";
import { repositoryFolder } from "./open-repository.ts";

/** `doctor`: looks at all that a run needs, and says what to do about what is missing. */
export async function doctorCommand(context: CommandContext): Promise<number> {
  const { io, printer, format } = context;
  const machine = await examineMachine(io);
  const examinations = [...machine, ...(await examineRepository(io, repositoryFolder(context)))];
  const ok = examinations.every(({ level }) => level !== "fail");
  if (format === "json") printer.printJson({ ok, checks: examinations });
  else printer.print(doctorText(examinations, printer.paint, printer.width));
  return ok ? exitCodes.yes : exitCodes.no;
}

/** One line for each thing that was looked at, with the remedy below it where there is one. */
export function doctorText(examinations: readonly Examination[], paint: Paint, width: number): string {
  const names = Math.max(0, ...examinations.map(({ name }) => displayWidth(name)));
  const column = names + 8;
  return examinations
    .map(({ name, level, found, remedy }) => {
      const head = `${padText(paintLevel(level, paint), 4)}  ${padText(name, names)}  `;
      const text = indentText(safeBlock(found), column, width).trimStart();
      return head + text + (remedy === null ? "" : `\n${indentText(`→ ${safeBlock(remedy)}`, column, width)}`);
    })
    .join("\n");
}

function paintLevel(level: Examination["level"], paint: Paint): string {
  switch (level) {
    case "ok":
      return paint.green(level);
    case "warn":
      return paint.yellow(level);
    case "fail":
      return paint.red(level);
  }
}
