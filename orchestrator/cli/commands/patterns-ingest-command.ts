import { extname } from "node:path/posix";
import { candidateSource } from "../../evidence/candidate-source.ts";
import { slugOf } from "../../evidence/task-name.ts";
import { sha256 } from "../../io/hash.ts";
import { createRedactor } from "../../io/redact/redactor.ts";
import { registerEnvironment } from "../../io/redact/register-environment.ts";
import { createSecretScanner } from "../../io/secret-scanner.ts";
import { readBundle } from "../../runs/read-bundle.ts";
import { OrchestratorError } from "../../schema/errors.ts";
import { CandidateId, type CandidateSource, type IngestRequest, type Proposal } from "../../schema/pattern-ingest.ts";
import { type RunChange, readRunChange } from "../../workspace/read-run-change.ts";
import type { CommandContext } from "../command-spec.ts";
import { exitCodes } from "../exit-code.ts";
import { countOf } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { readSoundRun, type SoundRun } from "./read-sound-run.ts";

const limits = { changedMax: 50, sameMax: 200, fileBytesMax: 65_536 };

/** `patterns ingest`: proposes what an approved run changed as a candidate in `patterns/staging`. */
export async function patternsIngestCommand(context: CommandContext): Promise<number> {
  const { args, printer, format } = context;
  const named = args.text("run");
  if (named === undefined) throw new OrchestratorError("usage", "name the run: --run <run>");
  const { openPatternNursery } = await import("../../compose.ts");
  const run = await readSoundRun(context, named);
  const request = await requestOf(context, run, candidateSource(run.manifest, sha256(run.bytes)));
  const nursery = await openPatternNursery(run.repository, context.io.environment);
  const proposal = nursery.propose(request);
  const isDry = args.isOn("dry-run");
  const folder =
    proposal.outcome === "proposed" && !isDry ? await nursery.stage(run.repository, request.id, proposal.files) : null;
  if (format === "json") printer.printJson({ ...documentOf(proposal), folder });
  else printer.print(proposalText(context, request.id, proposal, folder));
  return proposal.outcome === "proposed" ? exitCodes.yes : exitCodes.no;
}

async function requestOf({ args, io }: CommandContext, run: SoundRun, source: CandidateSource): Promise<IngestRequest> {
  const { repository, runs, key, manifest } = run;
  const id = CandidateId.safeParse(args.text("id") ?? slugOf(manifest.task.title));
  if (!id.success) throw new OrchestratorError("usage", "--id is lower-case words joined by '-', such as fetch-retry");
  const redactor = createRedactor({ scanner: await createSecretScanner() });
  registerEnvironment(redactor, io.environment);
  const bundle = await readBundle(runs, key, manifest);
  const commit = {
    repositoryRoot: repository,
    bundle,
    commit: source.commit,
    base: source.base_commit,
    tree: manifest.change?.tree ?? "",
  };
  const change = await readRunChange(commit, limits, isAlike);
  const clean = (text: string) => redactor.text(text);
  return {
    id: id.data,
    title: safeLine(await clean(manifest.task.title)),
    source,
    used: manifest.patterns ?? [],
    withKnown: args.isOn("with-known"),
    packages: change.packages,
    leftOut: change.leftOut,
    ...(await withoutSecrets(change, clean)),
  };
}

async function withoutSecrets(
  { changed, same }: RunChange,
  clean: (text: string) => Promise<string>,
): Promise<Pick<IngestRequest, "changed" | "same">> {
  const texts: IngestRequest["changed"][number][] = [];
  for (const { path, before, after } of changed) {
    const [cleanBefore, cleanAfter] = [
      before === null ? null : await clean(before),
      after === null ? null : await clean(after),
    ];
    texts.push({
      path,
      before: cleanBefore,
      after: cleanAfter,
      redacted: cleanBefore !== before || cleanAfter !== after,
    });
  }
  const others: IngestRequest["same"][number][] = [];
  for (const { path, text } of same) {
    const cleanText = await clean(text);
    others.push({ path, text: cleanText, redacted: cleanText !== text });
  }
  return { changed: texts, same: others };
}

/** Unchanged files of the same kind below the same top folder as a changed one. */
function isAlike(path: string, changed: readonly string[]): boolean {
  return changed.some((each) => extname(each) === extname(path) && each.split("/")[0] === path.split("/")[0]);
}

function documentOf(proposal: Proposal) {
  if (proposal.outcome === "nothing_left")
    return { outcome: proposal.outcome, reason: proposal.reason, left_out: proposal.leftOut };
  return { outcome: proposal.outcome, candidate: proposal.candidate, files: [...proposal.files.keys()] };
}

function proposalText({ printer }: CommandContext, id: string, proposal: Proposal, folder: string | null): string {
  const { paint } = printer;
  const leftOut = proposal.outcome === "proposed" ? proposal.candidate.left_out : proposal.leftOut;
  const left = leftOut.map(({ path, reason }) => `  left out: ${safeLine(path)}: ${safeLine(reason)}`);
  if (proposal.outcome === "nothing_left")
    return [`${paint.red("✗")} nothing to learn: ${safeLine(proposal.reason)}`, ...left].join("\n");
  const { kind, fixtures, known_patterns } = proposal.candidate;
  const known = known_patterns.map(
    (use) => `  known: ${safeLine(use.id)} ${safeLine(use.version)} explains ${countOf(use.files_explained, "file")}`,
  );
  const what = `${kind} ${id} with ${countOf(fixtures.length, "fixture")}`;
  const next =
    folder === null
      ? "dry run, nothing was written"
      : `${safeLine(folder)} is a draft; fill it in, then: codex-orchestrator patterns test ${safeLine(folder)}`;
  return [`${paint.green("✓")} ${what}`, ...known, ...left, `  ${next}`].join("\n");
}
