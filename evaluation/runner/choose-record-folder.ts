import { join } from "node:path";
import { z } from "zod";
import {
  ensureDirectory,
  exists,
  listDirectory,
  readFileIfThere,
  writeFileAtomic,
} from "../../orchestrator/io/files.ts";
import { hashJson } from "../../orchestrator/io/hash.ts";
import type { EvaluationIdentity } from "../schema/evaluation-log.ts";

const logBytesMax = 536_870_912;
const Finished = z.object({ summary: z.object({ is_complete: z.boolean(), infrastructure_failed: z.number() }) });

/**
 * The folder for the record of an evaluation below a root that git ignores: that of the newest record of the same evaluation while it is not
 * complete, else the next one. With `retryInfrastructure` a record with failures of the infrastructure is not complete either.
 */
export async function chooseRecordFolder(
  root: string,
  identity: EvaluationIdentity,
  retryInfrastructure: boolean,
): Promise<string> {
  await ensureDirectory(root);
  const ignore = join(root, ".gitignore");
  if (!(await exists(ignore))) await writeFileAtomic(ignore, "*\n", { mode: 0o644 });
  const name = `${identity.dataset.id}-${hashJson(identity).slice(0, 12)}-`;
  const numbers = (await listDirectory(root)).flatMap((entry) => numberAfter(name, entry.name));
  const newest = Math.max(0, ...numbers);
  if (newest === 0) return join(root, `${name}1`);
  const last = join(root, `${name}${newest}`);
  return (await isFinished(last, retryInfrastructure)) ? join(root, `${name}${newest + 1}`) : last;
}

function numberAfter(beginning: string, name: string): readonly number[] {
  const rest = name.startsWith(beginning) ? name.slice(beginning.length) : "";
  return /^[1-9]\d{0,8}$/.test(rest) ? [Number(rest)] : [];
}

async function isFinished(folder: string, retryInfrastructure: boolean): Promise<boolean> {
  const bytes = await readFileIfThere(join(folder, "log.json"), logBytesMax);
  const parsed = Finished.safeParse(bytes === null ? null : parseJson(bytes.toString("utf8")));
  if (!parsed.success) return false;
  const { is_complete, infrastructure_failed } = parsed.data.summary;
  return is_complete && !(retryInfrastructure && infrastructure_failed > 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
