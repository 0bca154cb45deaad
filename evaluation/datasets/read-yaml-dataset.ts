import { dirname, resolve } from "node:path";
import { parseYamlDocument } from "../../orchestrator/io/documents/yaml-document.ts";
import { readFileIfThere } from "../../orchestrator/io/files.ts";
import { OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { Dataset } from "../schema/sample.ts";

const bytesMax = 1_048_576;

/** Reads a dataset that is written as YAML; folders of fixtures are relative to the file. Throws `document_invalid` with line and field. */
export async function readYamlDataset(file: string): Promise<Dataset> {
  const bytes = await readFileIfThere(file, bytesMax);
  if (bytes === null) throw new OrchestratorError("document_invalid", `${file} is not there; name a dataset`);
  const dataset = parseYamlDocument(Dataset, bytes.toString("utf8"), { file, code: "document_invalid" });
  const samples = dataset.samples.map((sample) => {
    const { fixture } = sample;
    return "folder" in fixture ? { ...sample, fixture: { folder: resolve(dirname(file), fixture.folder) } } : sample;
  });
  return { ...dataset, samples };
}
