import { join } from "node:path";
import { isFolderOrAbsent, readFileIfThere } from "../../orchestrator/io/files.ts";
import { messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { EvaluationLog } from "../schema/evaluation-log.ts";

const logBytesMax = 536_870_912;
const problemsMax = 5;

/** Reads the log of an evaluation: its file, or the folder of its record. Throws `document_invalid` for what is none. */
export async function readEvaluationLog(path: string): Promise<EvaluationLog> {
  const inFolder = join(path, "log.json");
  const bytes = (await isFolderOrAbsent(path))
    ? await readFileIfThere(inFolder, logBytesMax)
    : await readFileIfThere(path, logBytesMax);
  if (bytes === null)
    throw new OrchestratorError(
      "document_invalid",
      `${path} holds no log; name a log.json, or the folder of a record that is finished`,
    );
  const parsed = EvaluationLog.safeParse(parseJson(path, bytes.toString("utf8")));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`);
  throw new OrchestratorError(
    "document_invalid",
    `${path} is no log of an evaluation: ${problems.slice(0, problemsMax).join("; ")}`,
  );
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OrchestratorError("document_invalid", `${path} is no JSON: ${messageOf(error)}`);
  }
}
