import { join, relative, resolve } from "node:path";
import { decodeText } from "../../evidence/decode-text.ts";
import { documentBytesMax } from "../../evidence/document-bytes-max.ts";
import { approveSpec } from "../../evidence/guard/approve-spec.ts";
import { specPolicyFileName } from "../../evidence/guard/guard-policies.ts";
import { readWorkingPolicy } from "../../evidence/guard/working-policy.ts";
import { parseSpecFile } from "../../evidence/spec-file.ts";
import type { SpecPolicy } from "../../gates/spec-policy.ts";
import { exists, listDirectory, readFileIfThere, writeFileAtomic } from "../../io/files.ts";
import { createGit } from "../../io/git.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeLine } from "../text/safe-text.ts";
import { dayOf } from "./check-command.ts";
import { updateRegistry } from "./update-registry.ts";

const textFileMode = 0o644;
const depthMax = 8;

/** `spec-guard approve`, and `task approve`: an approval of a spec, as it stands in the working copy. */
export async function approveCommand({ io, args, format, printer }: CommandContext): Promise<number> {
  const [named = ""] = args.positionals;
  const [role, who] = [args.text("role"), args.text("who")];
  if (role === undefined || who === undefined)
    throw new OrchestratorError("usage", "say who approves: --role <role> --who <who>");
  const root = await repositoryRoot(resolve(io.cwd, args.text("repo") ?? "."));
  const policy = await readWorkingPolicy(root, args.text("config") ?? specPolicyFileName);
  const known = [...new Set(Object.values(policy.approvals).flat())];
  if (!known.includes(role))
    throw new OrchestratorError("usage", `the policy asks for no role ${role}; it knows ${known.join(", ")}`);
  const path = await findSpec(io.cwd, root, policy, named);
  const file = relative(root, path).replaceAll("\\", "/");
  const date = dayOf(io, args.text("now"));
  const approved = approveSpec(await readText(path, file), file, policy, { role, who, date });
  await writeFileAtomic(path, approved.text, { mode: textFileMode });
  const { id, title, spec_sha256, status, missing } = approved;
  const entry = { list: "specs", path: file, fields: { id, title, status, last_review: date } } as const;
  const registry = await updateRegistry(root, policy, [entry]);
  if (format === "json") printer.printJson({ spec: file, role, who, date, spec_sha256, status, missing, registry });
  else {
    const open =
      missing.length === 0 ? "every role that it needs has approved it" : `still needed: ${missing.join(", ")}`;
    printer.print(
      `${printer.paint.green("✓")} ${safeLine(file)} approved as ${safeLine(role)} by ${safeLine(who)} on ${date}; ${open}\n  sha256 ${spec_sha256}, status ${status}; commit the file${registry === null ? "" : ` and ${safeLine(registry)}`}`,
    );
  }
  return exitCodes.yes;
}

async function repositoryRoot(folder: string): Promise<string> {
  return createGit(folder, ["safe.directory=*"]).text(["rev-parse", "--show-toplevel"]);
}

async function readText(path: string, file: string): Promise<string> {
  const bytes = await readFileIfThere(path, documentBytesMax);
  if (bytes === null) throw new OrchestratorError("usage", `there is no spec ${file}`);
  return decodeText(bytes, { file, code: "document_invalid" });
}

/** A spec's file by its path, from the current folder or the root, or by its id. */
async function findSpec(cwd: string, root: string, policy: SpecPolicy, named: string): Promise<string> {
  for (const path of [resolve(cwd, named), resolve(root, named)]) {
    const inside = relative(root, path);
    if (named.endsWith(".md") && (await exists(path)) && !inside.startsWith("..")) return path;
  }
  const found: string[] = [];
  for (const path of await markdownBelow(join(root, policy.specs), 0)) {
    const text = (await readFileIfThere(path, documentBytesMax))?.toString("utf8") ?? "";
    if (hasId(text, path, named)) found.push(path);
  }
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const why = found.length === 0 ? "no spec has that path or id" : `more than one spec has it: ${found.join(", ")}`;
  throw new OrchestratorError("usage", `${named}: ${why}`);
}

function hasId(text: string, path: string, id: string): boolean {
  try {
    return parseSpecFile(text, path).front_matter.id === id;
  } catch {
    return false;
  }
}

async function markdownBelow(folder: string, depth: number): Promise<string[]> {
  if (depth > depthMax) return [];
  const entries = await listDirectory(folder);
  const nested = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return markdownBelow(path, depth + 1);
      return Promise.resolve(entry.isFile() && entry.name.endsWith(".md") ? [path] : []);
    }),
  );
  return nested.flat();
}
