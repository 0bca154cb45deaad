import { join } from "node:path";
import { configFileName } from "../../evidence/config-at-commit.ts";
import { exists, readFileIfThere, writeFileAtomic } from "../../io/files.ts";
import { createGit } from "../../io/git.ts";
import { findRepositoryRoot } from "../../workspace/inspect-repository.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layTable } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";
import { configTemplate } from "./config-template.ts";
import { hintsOf, repositoryFolder } from "./open-repository.ts";

interface Deed {
  readonly file: string;
  readonly done: "written" | "extended" | "left as it is";
  readonly detail: string;
}

const textFileMode = 0o644;
const ignoreBytesMax = 1_048_576;

/** `init`: a commented configuration, and `.runs` out of git. Overwrites nothing, and does nothing twice. */
export async function initCommand(context: CommandContext): Promise<number> {
  const { printer, format } = context;
  const root = await findRepositoryRoot(repositoryFolder(context));
  const deeds = [await writeConfig(root), await ignoreRuns(root)];
  if (format === "json") {
    printer.printJson({ repository: root, files: deeds });
    return exitCodes.yes;
  }
  const { paint } = printer;
  const hints = hintsOf(context);
  printer.print(
    [
      layTable(
        deeds.map(({ file, done, detail }) => [
          done === "left as it is" ? "–" : paint.green("✓"),
          file,
          `${done}: ${detail}`,
        ]),
        0,
      ),
      "",
      `Commit these files in ${safeLine(root)}, then`,
      layTable(
        [
          [hints.command("doctor"), "says what is missing"],
          [`${hints.command("run")} "<goal>"`, "starts a run"],
        ],
        2,
      ),
    ].join("\n"),
  );
  return exitCodes.yes;
}

async function writeConfig(root: string): Promise<Deed> {
  const path = join(root, configFileName);
  if (await exists(path)) return { file: configFileName, done: "left as it is", detail: "it is there already" };
  await writeFileAtomic(path, configTemplate, { mode: textFileMode });
  return { file: configFileName, done: "written", detail: "the defaults, as comments" };
}

/** Asks git itself, which knows every file that may ignore something. */
async function ignoreRuns(root: string): Promise<Deed> {
  const file = ".gitignore";
  const { code } = await createGit(root).run(["check-ignore", "-q", ".runs/any/run"], { okCodes: [0, 1] });
  if (code === 0) return { file, done: "left as it is", detail: ".runs is ignored already" };
  const path = join(root, file);
  const before = (await readFileIfThere(path, ignoreBytesMax))?.toString("utf8") ?? null;
  const gap = before === null || before === "" || before.endsWith("\n") ? "" : "\n";
  await writeFileAtomic(path, `${before ?? ""}${gap}.runs/\n`, { mode: textFileMode });
  return { file, done: before === null ? "written" : "extended", detail: ".runs/ stays out of git" };
}
