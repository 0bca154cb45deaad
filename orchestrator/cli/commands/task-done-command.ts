import { dirname, join, relative } from "node:path";
import { decodeText } from "../../evidence/decode-text.ts";
import { documentBytesMax } from "../../evidence/document-bytes-max.ts";
import { checkOff } from "../../evidence/guard/check-off.ts";
import { findTaskFile, parseTaskFile } from "../../evidence/task-file.ts";
import { ensureDirectory, readFileIfThere, writeFileAtomic } from "../../io/files.ts";
import { sha256 } from "../../io/hash.ts";
import { verifyRun } from "../../runs/verify-run.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { RunManifest } from "../../schema/run-manifest.ts";
import { findRepositoryRoot } from "../../workspace/inspect-repository.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeLine } from "../text/safe-text.ts";
import { openRepositoryRuns, repositoryFolder } from "./open-repository.ts";

const textFileMode = 0o644;
const evidenceFolder = "tasks/evidence";

/** `task done`: commits to nothing, but writes the manifest of a passed run as evidence and checks items off with a link to it. */
export async function taskDoneCommand(context: CommandContext): Promise<number> {
  const { args, printer, format } = context;
  const [id = ""] = args.positionals;
  const named = args.text("run");
  if (named === undefined) throw new OrchestratorError("usage", "name the run that shows it: --run <run>");
  const root = await findRepositoryRoot(repositoryFolder(context));
  const taskPath = await findTaskFile(root, id);
  const file = relative(root, taskPath).replaceAll("\\", "/");
  const text = decodeText((await readFileIfThere(taskPath, documentBytesMax)) ?? new Uint8Array(), {
    file,
    code: "document_invalid",
  });
  const { manifest, bytes } = await readSoundManifest(context, named);
  refuseUnfit(manifest, parseTaskFile(text, file).id);
  const evidence = `${evidenceFolder}/${manifest.run_id}.json`;
  const target = relative(dirname(taskPath), join(root, evidence)).replaceAll("\\", "/");
  const done = checkOff(text, `([${manifest.run_id}](${target} "sha256:${sha256(bytes)}"))`, args.text("item"));
  if (done.count === 0) throw new OrchestratorError("usage", `${file} has no open item that is meant`);
  await ensureDirectory(join(root, evidenceFolder));
  await writeFileAtomic(join(root, evidence), bytes, { mode: textFileMode });
  await writeFileAtomic(taskPath, done.text, { mode: textFileMode });
  if (format === "json") printer.printJson({ task: file, evidence, run_id: manifest.run_id, checked: done.count });
  else
    printer.print(
      `${printer.paint.green("✓")} ${done.count} checked off in ${safeLine(file)}, with ${evidence}; commit both`,
    );
  return exitCodes.yes;
}

async function readSoundManifest(context: CommandContext, named: string) {
  const { runsRoot, run } = await openRepositoryRuns(context);
  const key = await run(named);
  const folder = join(runsRoot, key.taskId, key.runId);
  const verified = await verifyRun(folder);
  if (!verified.ok)
    throw new OrchestratorError(
      "run_damaged",
      `the run ${key.runId} cannot be verified; see: runs verify ${key.runId}`,
    );
  const bytes = await readFileIfThere(join(folder, "manifest.json"), documentBytesMax);
  if (bytes === null) throw new OrchestratorError("run_damaged", `the run ${key.runId} has no manifest`);
  return { manifest: RunManifest.parse(JSON.parse(bytes.toString("utf8"))), bytes };
}

function refuseUnfit({ run_id, status, task_id, commit }: RunManifest, wanted: string): void {
  if (task_id !== wanted)
    throw new OrchestratorError("run_state_refused", `the run ${run_id} is of the task ${task_id}, not of ${wanted}`);
  if (status !== "passed" || commit === null)
    throw new OrchestratorError("run_state_refused", `the run ${run_id} is ${status}, not passed, so it shows nothing`);
}
