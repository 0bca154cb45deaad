import { join } from "node:path";
import { configFileName, parseConfigFile } from "../../evidence/config-at-commit.ts";
import { parseSpecPolicy, specPolicyFileName } from "../../evidence/guard/guard-policies.ts";
import { pinLibrary } from "../../evidence/pin-library.ts";
import { readTextAtCommit } from "../../evidence/text-at-commit.ts";
import { compileControl } from "../../gates/spec-coverage.ts";
import { readFileIfThere, writeFileAtomic } from "../../io/files.ts";
import { createGit } from "../../io/git.ts";
import { PatternLibraryPin } from "../../schema/config.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { CandidateId, type Promotion } from "../../schema/pattern-ingest.ts";
import { findRepositoryRoot } from "../../workspace/inspect-repository.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { safeLine } from "../text/safe-text.ts";
import { hintsOf, repositoryFolder } from "./open-repository.ts";

const configBytesMax = 1_048_576;
const textFileMode = 0o644;

/** `patterns promote`: moves a candidate whose tests pass into a library that spec-guard controls, and pins the library anew. Commits nothing. */
export async function patternsPromoteCommand(context: CommandContext): Promise<number> {
  const { args, io, printer, format } = context;
  const id = CandidateId.safeParse(args.positionals[0]);
  if (!id.success)
    throw new OrchestratorError("usage", "name the candidate by its id: the name of its folder in patterns/staging");
  const root = await findRepositoryRoot(repositoryFolder(context));
  const config =
    (await readFileIfThere(join(root, configFileName), configBytesMax))?.toString("utf8") ?? "version: 1\n";
  const pin = libraryOf(root, config, args.text("library"));
  await assertControlled(root, pin);
  pinLibrary(config, pin);
  const { openCandidateBench } = await import("../../compose.ts");
  const bench = await openCandidateBench(root, io.environment);
  const promotion = await bench.promote({ root, id: id.data, library: pin });
  if (promotion.outcome === "promoted")
    await writeFileAtomic(join(root, configFileName), pinLibrary(config, { ...pin, sha256: promotion.sha256 }), {
      mode: textFileMode,
    });
  if (format === "json") printer.printJson({ id: id.data, library: pin.name, ...promotion });
  else printer.print(promotionText(context, id.data, pin, promotion));
  return promotion.outcome === "promoted" ? exitCodes.yes : exitCodes.no;
}

/** The library as the configuration names it, or a new one in `patterns/<name>`. */
function libraryOf(root: string, config: string, name: string | undefined): PatternLibraryPin {
  if (name === undefined) throw new OrchestratorError("usage", "name the library: --library <name>");
  const known = parseConfigFile(config).pattern_libraries.find((pin) => pin.name === name);
  const pin = PatternLibraryPin.safeParse(known ?? { name, from: `./patterns/${name}`, sha256: "0".repeat(64) });
  if (!pin.success)
    throw new OrchestratorError("usage", `no library can be called ${name}: lower-case words joined by '-'`);
  if (pin.data.from.startsWith("./")) return pin.data;
  throw new OrchestratorError(
    "usage",
    `the library ${name} is the package ${pin.data.from}; a candidate goes into one of ${root}`,
  );
}

/** What makes a pattern usable, its code and its pin, must be controlled by the policy that is committed: else nobody would have to approve it. */
async function assertControlled(root: string, { from }: PatternLibraryPin): Promise<void> {
  const source = { file: specPolicyFileName, code: "config_invalid" } as const;
  const text = await readTextAtCommit(createGit(root), "HEAD", specPolicyFileName, source);
  const isControlled = compileControl(
    text === null ? [] : [{ folder: "", policy: parseSpecPolicy(text, specPolicyFileName) }],
  );
  const folder = from.slice("./".length).replace(/\/+$/, "");
  const free = [
    `${folder}/index.mjs`,
    `${folder}/any/codemod.mjs`,
    `${folder}/fixtures/any/a.same.js`,
    configFileName,
  ].filter((path) => !isControlled(path));
  if (free.length === 0) return;
  throw new OrchestratorError(
    "run_state_refused",
    `nobody would have to approve it: the last commit's ${specPolicyFileName} does not control ${folder}/** and ${configFileName}; put both under "controlled", and land that first`,
  );
}

function promotionText(context: CommandContext, id: string, { name }: PatternLibraryPin, promotion: Promotion): string {
  const { paint } = context.printer;
  if (promotion.outcome === "refused") {
    const problems = promotion.results.flatMap(({ fixture, problems: found }) =>
      found.map((problem) => `  ${safeLine(fixture)}: ${safeLine(problem)}`),
    );
    return [`${paint.red("✗")} ${id} stays in staging: its tests do not pass`, ...problems].join("\n");
  }
  const hints = hintsOf(context);
  return [
    `${paint.green("✓")} ${id} is in ${safeLine(promotion.folder)}, and ${configFileName} pins the library ${name} as it is now`,
    `  it is used as ${name}/${id} from the commit on that holds both, which needs an approved spec that covers them;`,
    `  ${hints.command("task check", "--base HEAD")} says what is missing`,
  ].join("\n");
}
