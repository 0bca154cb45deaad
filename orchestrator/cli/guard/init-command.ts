import { join, resolve } from "node:path";
import { specPolicyFileName } from "../../evidence/guard/guard-policies.ts";
import { escapeGlob } from "../../gates/glob.ts";
import { exists, writeFileAtomic } from "../../io/files.ts";
import { createGit, type Git } from "../../io/git.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { layTable } from "../text/layout.ts";
import { safeLine } from "../text/safe-text.ts";
import { policyTemplate } from "./policy-template.ts";

const textFileMode = 0o644;
const namesBytesMax = 268_435_456;
/** What nobody would want a spec for. */
const otherFolders =
  /^(?:\..*|docs?|documentation|examples?|tests?|__tests__|e2e|fixtures|node_modules|vendor|third_party|dist|build|target|tasks)$/i;
const codeFile =
  /\.(?:[cm]?[jt]sx?|vue|svelte|py|go|rs|java|kts?|scala|groovy|c|cc|cpp|cxx|h|hh|hpp|cs|fs|vb|swift|m|mm|rb|php|pl|lua|ex|exs|erl|hs|ml|clj|dart|r|jl|sh|sql|tf|sol|zig)$/i;

/** `spec-guard init`: a first policy for the folders that are there. Overwrites nothing. */
export async function initGuardCommand({ io, args, format, printer, signal }: CommandContext): Promise<number> {
  const folder = resolve(io.cwd, args.text("repo") ?? ".");
  const git = createGit(folder, ["safe.directory=*"], { signal });
  const root = await git.text(["rev-parse", "--show-toplevel"]);
  const path = join(root, specPolicyFileName);
  const isThere = await exists(path);
  const globs = await codeGlobs(git, root);
  if (!isThere) await writeFileAtomic(path, policyTemplate(globs), { mode: textFileMode });
  if (format === "json") {
    printer.printJson({
      repository: root,
      file: specPolicyFileName,
      written: !isThere,
      controlled: isThere ? null : globs,
    });
    return exitCodes.yes;
  }
  const controls =
    globs.length === 0
      ? "no folder with code was found, so it controls nothing yet: name your folders under controlled"
      : `it controls ${globs.map(safeLine).join(", ")}; correct that where it is not what you want`;
  const head = isThere
    ? `– ${specPolicyFileName} is there already, and left as it is`
    : `${printer.paint.green("✓")} ${specPolicyFileName} written; ${controls}`;
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

/** A glob for each top folder with code that git knows, or would with the next `git add`. */
async function codeGlobs(git: Git, root: string): Promise<string[]> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--full-name", "--", root];
  const { stdout } = await git.run(args, { bytesMax: namesBytesMax });
  const folders = new Set<string>();
  for (const path of stdout.toString("utf8").split("\0")) {
    const slash = path.indexOf("/");
    if (slash > 0 && codeFile.test(path)) folders.add(path.slice(0, slash));
  }
  return [...folders]
    .filter((folder) => !otherFolders.test(folder))
    .sort()
    .map((folder) => `${escapeGlob(folder)}/**`);
}
