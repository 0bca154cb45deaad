import { dirname, join, relative } from "node:path";
import { documentBytesMax } from "../../evidence/document-bytes-max.ts";
import { checkOff } from "../../evidence/guard/check-off.ts";
import { parseChecklist } from "../../evidence/guard/checklist.ts";
import { specPolicyFileName } from "../../evidence/guard/guard-policies.ts";
import { manifestProblem } from "../../evidence/guard/manifest-problem.ts";
import { signaturePath } from "../../evidence/guard/read-manifests.ts";
import { readWorkingPolicy } from "../../evidence/guard/working-policy.ts";
import { findTaskFile, parseTaskFile } from "../../evidence/task-file.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import { ensureDirectory, readFileIfThere, writeFileAtomic } from "../../io/files.ts";
import { sha256 } from "../../io/hash.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { Json } from "../../schema/primitives.ts";
import type { RunManifest } from "../../schema/run-manifest.ts";
import { findRepositoryRoot } from "../../workspace/inspect-repository.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { inTurn } from "../guard/in-turn.ts";
import { updateRegistry } from "../guard/update-registry.ts";
import { safeLine } from "../text/safe-text.ts";
import { repositoryFolder } from "./open-repository.ts";
import { readSoundRun } from "./read-sound-run.ts";

const textFileMode = 0o644;

/**
 * `task done`: writes the manifest of a passed run as evidence, with its signature where it has one, checks items off with a link to it, and brings the registry
 * into step. Commits nothing.
 */
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
  const policy = await readWorkingPolicy(root, specPolicyFileName);
  const { manifest, bytes, signature } = await readSoundRun(context, named);
  const { id: taskId, title } = parseTaskFile(text, file);
  refuseUnfit(manifest, taskId);
  const evidence = `${policy.checklists.evidence}/${manifest.run_id}.json`;
  const target = relative(dirname(taskPath), join(root, evidence)).replaceAll("\\", "/");
  const done = checkOff(text, `([${manifest.run_id}](${target} "sha256:${sha256(bytes)}"))`, args.text("item"));
  if (done.count === 0) throw new OrchestratorError("usage", `${file} has no open item that is meant`);
  await ensureDirectory(dirname(join(root, evidence)));
  await writeFileAtomic(join(root, evidence), bytes, { mode: textFileMode });
  const signed = signature === null ? [] : [signaturePath(evidence)];
  if (signature !== null) await writeFileAtomic(join(root, signaturePath(evidence)), signature, { mode: textFileMode });
  await writeFileAtomic(taskPath, done.text, { mode: textFileMode });
  const open = parseChecklist(done.text).filter(({ checked }) => !checked).length;
  const fields = { id: taskId, title, ...registryFields(manifest, evidence, open) };
  const registry = await inTurn(root, () => updateRegistry(root, policy, [{ list: "items", path: file, fields }]));
  if (format === "json")
    printer.printJson({ task: file, evidence, run_id: manifest.run_id, checked: done.count, open, registry });
  else {
    const also = [evidence, ...signed, ...(registry === null ? [] : [registry])].map(safeLine).join(" and ");
    printer.print(
      `${printer.paint.green("✓")} ${done.count} checked off in ${safeLine(file)}, with ${also}; commit them`,
    );
  }
  return exitCodes.yes;
}

/** What the registry says of a task of which so many items are open still. */
function registryFields({ run_id, finished_at }: RunManifest, evidence: string, open: number): Record<string, Json> {
  const approvedOn = finished_at?.slice(0, 10) ?? null;
  const gate = { phase: "review", status: "passed", approved_on: approvedOn, log: evidence, run_id };
  return { status: open === 0 ? "done" : "in_progress", gate };
}

function refuseUnfit(manifest: RunManifest, wanted: string): void {
  const { run_id, task_id } = manifest;
  if (task_id !== wanted)
    throw new OrchestratorError("run_state_refused", `the run ${run_id} is of the task ${task_id}, not of ${wanted}`);
  const problem = manifestProblem(manifest);
  if (problem !== null) throw new OrchestratorError("run_state_refused", `${problem}, so it shows nothing`);
}
