import { join, posix } from "node:path";
import { meetSpecLimits, type SpecLimits } from "../../gates/judge-spec.ts";
import { defaultSpecPolicy, type SpecPolicy } from "../../gates/spec-policy.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import { readFileIfThere } from "../../io/files.ts";
import { documentBytesMax } from "../document-bytes-max.ts";
import { parseSpecPolicy, specPolicyFileName } from "./guard-policies.ts";

/** The guard's policy as the working copy has it, for what helps to write; it judges nothing. Throws `config_invalid` and `disk_failed`. */
export async function readWorkingPolicy(root: string, file: string): Promise<SpecPolicy> {
  const bytes = await readFileIfThere(join(root, file), documentBytesMax);
  if (bytes === null) return defaultSpecPolicy();
  return parseSpecPolicy(decodeText(bytes, { file, code: "config_invalid" }), file);
}

/**
 * What the working copy asks of a spec at a path: the repository's own limits, and those of the folders that it speaks for. Null
 * where no policy looks for specs there. Throws `config_invalid` and `disk_failed`.
 */
export async function workingLimits(root: string, policyFile: string, spec: string): Promise<SpecLimits | null> {
  const own = await readWorkingPolicy(root, policyFile);
  let limits: SpecLimits = own;
  let isSpec = spec.startsWith(`${own.specs}/`);
  for (const folder of isSpec ? [] : foldersAbove(spec)) {
    const file = `${folder}/${specPolicyFileName}`;
    const bytes = await readFileIfThere(join(root, file), documentBytesMax);
    if (bytes === null) continue;
    const policy = parseSpecPolicy(decodeText(bytes, { file, code: "config_invalid" }), file, folder);
    limits = meetSpecLimits(limits, policy);
    isSpec ||= spec.startsWith(`${folder}/${policy.specs}/`);
  }
  return isSpec && spec.endsWith(".md") ? limits : null;
}

/** The folders that a file lies in, the widest first, without the root. */
function foldersAbove(file: string): string[] {
  const names = posix.dirname(file).split("/");
  return names.map((_, index) => names.slice(0, index + 1).join("/"));
}
