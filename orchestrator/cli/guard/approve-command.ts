import { join, relative, resolve } from "node:path";
import { documentBytesMax } from "../../evidence/document-bytes-max.ts";
import { type ApprovedSpec, approveSpec } from "../../evidence/guard/approve-spec.ts";
import { specPolicyFileName } from "../../evidence/guard/guard-policies.ts";
import { createAuthorSearch, findSpecAuthors } from "../../evidence/guard/spec-author.ts";
import { readWorkingPolicy, workingLimits } from "../../evidence/guard/working-policy.ts";
import { parseSpecFile } from "../../evidence/spec-file.ts";
import type { SpecLimits } from "../../gates/judge-spec.ts";
import type { SpecPolicy } from "../../gates/spec-policy.ts";
import type { SpecAuthor } from "../../gates/spec-record.ts";
import { decodeText } from "../../io/documents/decode-text.ts";
import { exists, fileSize, listDirectory, readFileIfThere, writeFileAtomic } from "../../io/files.ts";
import { createGit, type Git } from "../../io/git.ts";
import { createGitObjectReader } from "../../io/git-object-reader.ts";
import { gitPersons } from "../../io/git-person.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeLine } from "../text/safe-text.ts";
import { dayOf } from "./check-command.ts";
import { inTurn } from "./in-turn.ts";
import { updateRegistry } from "./update-registry.ts";

const textFileMode = 0o644;
const depthMax = 8;

/** `spec-guard approve`, and `task approve`: an approval of a spec, as it stands in the working copy. */
export async function approveCommand({ io, args, format, printer, signal }: CommandContext): Promise<number> {
  const [named = ""] = args.positionals;
  const [role, who] = [args.text("role"), args.text("who")];
  if (role === undefined || who === undefined)
    throw new OrchestratorError("usage", "say who approves: --role <role> --who <who>");
  const root = await repositoryRoot(resolve(io.cwd, args.text("repo") ?? "."));
  const policyFile = args.text("config") ?? specPolicyFileName;
  const policy = await readWorkingPolicy(root, policyFile);
  const date = dayOf(io, args.text("now"));
  if (date > dayOf(io, undefined))
    throw new OrchestratorError("usage", `${date} is not here yet, so nobody can have approved anything on it`);
  const path = await findSpec(io.cwd, root, policy, named);
  const file = relative(root, path).replaceAll("\\", "/");
  const limits = await limitsOf(root, policyFile, file, role);
  const approve = async () => {
    const { text, mark } = await readText(path, file);
    const authors = await authorsOf(createGit(root, ["safe.directory=*"], { signal }), file, text, io.environment);
    const given = approveSpec(text, file, { limits, authors }, { role, who, date });
    if (signal.aborted) throw new OrchestratorError("aborted", `stopped; ${file} is as it was`);
    await writeFileAtomic(path, `${mark}${given.text}`, { mode: textFileMode });
    const { id, title, status } = given;
    const entry = { list: "specs", path: file, fields: { id, title, status, last_review: date } } as const;
    return { approved: given, registry: await updateRegistry(root, policy, [entry]) };
  };
  const { approved, registry } = await inTurn(root, approve, signal);
  const { spec_sha256, status, missing, ownOnly } = approved;
  const answer = { spec: file, role, who, date, spec_sha256, status, missing, own_only: ownOnly, registry };
  if (format === "json") printer.printJson(answer);
  else
    printer.print(
      `${printer.paint.green("✓")} ${safeLine(file)} approved as ${safeLine(role)} by ${safeLine(who)} on ${date}; ${whatIsOpen(approved)}\n  sha256 ${spec_sha256}, status ${status}; commit the file${registry === null ? "" : ` and ${safeLine(registry)}`}`,
    );
  return exitCodes.yes;
}

function whatIsOpen({ missing, ownOnly, status }: ApprovedSpec): string {
  if (missing.length > 0) return `still needed: ${missing.join(", ")}`;
  if (ownOnly) return "only those who wrote it have approved it: someone else must as well";
  return status === "approved"
    ? "every role that it needs has approved it"
    : `every role that it needs has approved it, and it covers nothing while its status is ${status}`;
}

/** Throws `usage` where no policy looks for specs there, or none asks for the role. */
async function limitsOf(root: string, policyFile: string, file: string, role: string): Promise<SpecLimits> {
  const limits = await workingLimits(root, policyFile, file);
  if (limits === null)
    throw new OrchestratorError(
      "usage",
      `${file} is in no folder of specs that a policy names, so it would cover nothing`,
    );
  const known = [...new Set(Object.values(limits.approvals).flat())];
  if (known.includes(role)) return limits;
  throw new OrchestratorError("usage", `the policy asks for no role ${role}; it knows ${known.join(", ")}`);
}

/** Who wrote the spec as it stands: as the commits say, else who would commit it. */
async function authorsOf(
  git: Git,
  file: string,
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly SpecAuthor[]> {
  const { code } = await git.run(["rev-parse", "--verify", "--quiet", "HEAD"], { okCodes: [0, 1, 128] });
  const reader = createGitObjectReader(git);
  try {
    const standing = { path: file, spec_sha256: parseSpecFile(text, file).spec_sha256 };
    const found = code === 0 ? await findSpecAuthors(createAuthorSearch(git, reader), "HEAD", standing) : [];
    return found.length > 0 ? found : await gitPersons(git, environment);
  } finally {
    reader.close();
  }
}

async function repositoryRoot(folder: string): Promise<string> {
  return createGit(folder, ["safe.directory=*"]).text(["rev-parse", "--show-toplevel"]);
}

/** The text of a spec, and its byte order mark where it has one. */
async function readText(path: string, file: string): Promise<{ text: string; mark: string }> {
  const bytes = (await fileSize(path)) === null ? null : await readFileIfThere(path, documentBytesMax);
  if (bytes === null)
    throw new OrchestratorError("usage", `there is no spec ${file}, or it is a link; name the file itself`);
  const mark = bytes.subarray(0, 3).equals(Buffer.from("\ufeff")) ? "\ufeff" : "";
  return { text: decodeText(bytes, { file, code: "document_invalid" }), mark };
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
  const why =
    found.length === 0
      ? `no spec has that path, or that id in ${policy.specs}; name its file`
      : `more than one spec has it: ${found.join(", ")}`;
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
