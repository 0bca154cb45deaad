import type { TextSource } from "../io/documents/strict-yaml.ts";
import { type DocumentProblem, parseYamlDocument } from "../io/documents/yaml-document.ts";
import type { Git } from "../io/git.ts";
import { ConfigFile } from "../schema/config.ts";
import type { PolicyLayer } from "../schema/policy.ts";
import { globProblems } from "./glob-problems.ts";
import { readTextAtCommit } from "./text-at-commit.ts";

/** The name of the configuration file, in the repository's root. */
export const configFileName = "orchestrator.config.yaml";

/**
 * The configuration as a commit holds it, so that a change cannot loosen the policy it is judged by; without the
 * file, its defaults. Throws `config_invalid` naming file, line and what would be right, `base_not_found` and
 * `git_failed`.
 */
export async function readConfigAtCommit(git: Git, commit: string, signal?: AbortSignal): Promise<ConfigFile> {
  const source: TextSource = { file: configFileName, code: "config_invalid" };
  const text = await readTextAtCommit(git, commit, configFileName, source, signal);
  return text === null ? ConfigFile.parse({ version: 1 }) : parseConfigFile(text);
}

/** Reads the text of `orchestrator.config.yaml`. Throws `config_invalid`. */
export function parseConfigFile(text: string): ConfigFile {
  const source: TextSource = { file: configFileName, code: "config_invalid" };
  return parseYamlDocument(ConfigFile, text, source, ({ policy }) => policyProblems(policy));
}

function policyProblems({ scope, protected_paths }: PolicyLayer): DocumentProblem[] {
  return [
    ...globProblems(["policy", "scope", "include"], scope?.include),
    ...globProblems(["policy", "scope", "exclude"], scope?.exclude),
    ...globProblems(["policy", "protected_paths"], protected_paths),
  ];
}
