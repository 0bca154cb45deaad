import { join } from "node:path";
import { defaultSpecPolicy, type SpecPolicy } from "../../gates/spec-policy.ts";
import { readFileIfThere } from "../../io/files.ts";
import { decodeText } from "../decode-text.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import { parseSpecPolicy } from "./guard-policies.ts";

/** The guard's policy as the working copy has it, for what helps to write; it judges nothing. Throws `config_invalid` and `disk_failed`. */
export async function readWorkingPolicy(root: string, file: string): Promise<SpecPolicy> {
  const bytes = await readFileIfThere(join(root, file), documentBytesMax);
  if (bytes === null) return defaultSpecPolicy();
  return parseSpecPolicy(decodeText(bytes, { file, code: "config_invalid" }), file);
}
