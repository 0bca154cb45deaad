import { parseSpecFile } from "../../evidence/spec-file.ts";
import { parseTaskFile } from "../../evidence/task-file.ts";
import { sha256 } from "../../io/hash.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { FilledTemplate } from "../../schema/template-port.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeLine } from "../text/safe-text.ts";
import { readKeyLists } from "./read-key-values.ts";

/** `patterns apply template/<id>`: fills a template, and prints it or writes it as a new file. */
export async function patternsFillCommand(context: CommandContext): Promise<number> {
  const { args, io, printer, format } = context;
  const [id = "", ...others] = args.positionals;
  refuseOthers(context, others);
  const { openTemplates } = await import("../../compose.ts");
  const templates = await openTemplates(io.cwd, io.environment);
  const filled = await templates.fill(id, readKeyLists(args.list("set")));
  assertReadable(filled);
  const file = args.text("to");
  const isWritten = file !== undefined && !args.isOn("dry-run");
  const path = file === undefined ? null : await templates.place(io.cwd, file, isWritten ? filled.text : null);
  const { version, document, text } = filled;
  if (format === "json")
    printer.printJson({ template: id, version, document, to: path, written: isWritten, sha256: sha256(text), text });
  else if (isWritten) printer.print(`${printer.paint.green("✓")} ${safeLine(path ?? "")}`);
  else {
    io.stdout.write(text);
    if (path !== null) printer.note(`dry run, nothing was written: it would be ${safeLine(path)}`);
  }
  return exitCodes.yes;
}

function refuseOthers({ args }: CommandContext, others: readonly string[]): void {
  if (others.length > 0)
    throw new OrchestratorError(
      "usage",
      `a template is filled alone, not with ${others.join(" ")}; --to <file> says where it is written`,
    );
  if (args.text("check") !== undefined)
    throw new OrchestratorError("usage", "--check goes with codemods; a template changes no file");
  if (["text", "json"].includes(args.text("format") ?? "")) return;
  throw new OrchestratorError("usage", "a template is printed as text or json");
}

/** What is to be read by this library must be readable: a value can be text and still be no glob. */
function assertReadable({ document, text, id }: FilledTemplate): void {
  if (document === "task") parseTaskFile(text, id);
  if (document === "spec") parseSpecFile(text, id);
}
