import { join, resolve } from "node:path";
import { specPolicyFileName } from "../../evidence/guard/guard-policies.ts";
import { exists, listDirectory, writeFileAtomic } from "../../io/files.ts";
import { createGit } from "../../io/git.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layTable } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";
import { policyTemplate } from "./policy-template.ts";

const textFileMode = 0o644;
/** Folders that hold code in most repositories. */
const codeFolders = ["app", "apps", "cmd", "internal", "lib", "libs", "packages", "pkg", "server", "services", "src"];

/** `spec-guard init`: a first policy for the folders that are there. Overwrites nothing. */
export async function initGuardCommand({ io, args, format, printer, signal }: CommandContext): Promise<number> {
  const folder = resolve(io.cwd, args.text("repo") ?? ".");
  const root = await createGit(folder, ["safe.directory=*"], { signal }).text(["rev-parse", "--show-toplevel"]);
  const path = join(root, specPolicyFileName);
  const isThere = await exists(path);
  const names = (await listDirectory(root)).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = codeFolders.filter((name) => names.includes(name));
  const globs = (found.length === 0 ? ["src"] : found).map((name) => `${name}/**`);
  if (!isThere) await writeFileAtomic(path, policyTemplate(globs), { mode: textFileMode });
  if (format === "json") {
    printer.printJson({ repository: root, file: specPolicyFileName, written: !isThere });
    return exitCodes.yes;
  }
  const head = isThere
    ? `– ${specPolicyFileName} is there already, and left as it is`
    : `${printer.paint.green("✓")} ${specPolicyFileName} written; it controls ${globs.join(", ")}`;
  const next = layTable(
    [
      ["1", `commit ${specPolicyFileName} in ${safeLine(root)}, and land it: it holds from the next change on`],
      ["2", "write a spec in tasks/specs, and have it approved: spec-guard approve <spec> --role <role> --who <who>"],
      ["3", "run spec-guard --base <branch> on each change"],
    ],
    2,
  );
  printer.print(`${head}\n\n${next}`);
  return exitCodes.yes;
}
