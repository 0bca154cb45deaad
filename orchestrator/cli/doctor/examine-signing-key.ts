import { relative, resolve } from "node:path";
import { loadSigner } from "../../io/signing-key.ts";
import type { CliIo } from "../cli-io.ts";
import { type Examination, isFine } from "./examination.ts";

/** Whether the manifests of runs are signed, and by a key that lies where no change can reach it. Throws `config_invalid`. */
export async function examineSigningKey({ environment, cwd }: CliIo, root: string): Promise<Examination> {
  const name = "signing";
  const file = environment["ORCHESTRATOR_SIGNING_KEY_FILE"];
  if (!file) return isFine(name, "ORCHESTRATOR_SIGNING_KEY_FILE is not set, so manifests are not signed");
  const path = resolve(cwd, file);
  const { keyId } = await loadSigner(path);
  const inside = relative(root, path);
  if (inside.startsWith("..")) return isFine(name, `manifests are signed with the key ${keyId.slice(0, 12)}`);
  return {
    name,
    level: "warn",
    found: `${file} lies in the repository, where whatever a command runs may read it`,
    remedy: "move the key out of the repository, and make a new one where it was ever committed",
  };
}
