import type { Settings } from "../schema/config.ts";
import { OrchestratorError } from "../schema/errors.ts";
import { PipelineSettings, PipelineSpec } from "../schema/pipeline.ts";
import { splitWords } from "./split-words.ts";

/** What is run where no pipeline is named. */
export const defaultPipeline = "diagnostics";

/**
 * The repository's own checks, then the guard. Build and lint are run where there are any; tests and the guard must be there. What the
 * guard compares with is said here, since the command itself runs as in CI and would have nobody to ask.
 */
function diagnostics(guardArguments: readonly string[]): PipelineSettings {
  return PipelineSettings.parse({
    commands: [
      { name: "build", check: "build", required: false },
      { name: "lint", check: "lint", required: false },
      { name: "test", check: "test" },
      { name: "spec-guard", argv: ["spec-guard", ...guardArguments] },
    ],
  });
}

/** What a caller asks for. */
export interface PipelineWish {
  /** Default `diagnostics`, or `commands` where some are given. */
  readonly name?: string;
  /** Command lines that take the place of the pipeline's own. */
  readonly commands?: readonly string[];
  readonly keepGoing?: boolean;
  /** May the given command lines open connections? */
  readonly network?: boolean;
  /** What the guard of `diagnostics` is to compare. Default: it decides. */
  readonly guardArguments?: readonly string[];
}

/** The queue to run. Throws `usage` for a pipeline that there is not, naming those there are, and for a bad command line. */
export function choosePipeline(wish: PipelineWish, settings: Pick<Settings, "pipelines">): PipelineSpec {
  const { commands = [], keepGoing } = wish;
  const chosen = commands.length > 0 ? fromLines(wish, commands) : named(wish, settings);
  return keepGoing === true ? { ...chosen, keep_going: true } : chosen;
}

function named(
  { name = defaultPipeline, guardArguments = [] }: PipelineWish,
  { pipelines }: Pick<Settings, "pipelines">,
): PipelineSpec {
  const own = Object.hasOwn(pipelines, name) ? pipelines[name] : undefined;
  const found = own ?? (name === defaultPipeline ? diagnostics(guardArguments) : undefined);
  if (found !== undefined) return { name, ...found };
  const known = [...new Set([defaultPipeline, ...Object.keys(pipelines)])].join(", ");
  throw new OrchestratorError(
    "usage",
    `there is no pipeline ${name}; there are ${known}; add one under settings.pipelines, or give --command`,
  );
}

function fromLines({ name = "commands", network = false }: PipelineWish, lines: readonly string[]): PipelineSpec {
  const taken = new Set<string>();
  const commands = lines.map((line) => {
    const argv = splitWords(line);
    return { name: freeName(argv, taken), argv: [...argv], network };
  });
  const parsed = PipelineSpec.safeParse({ name, commands });
  if (parsed.success) return parsed.data;
  throw new OrchestratorError("usage", `the pipeline ${name} does not fit: ${parsed.error.issues[0]?.message ?? ""}`);
}

/** A name that says what is run: `npm run pack` becomes `npm-run-pack`, a second one `npm-run-pack-2`. */
function freeName(argv: readonly string[], taken: Set<string>): string {
  const words = argv
    .join(" ")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 40)
    .replaceAll(/^-+|-+$/g, "");
  const base = words === "" ? "command" : words;
  let name = base;
  for (let count = 2; taken.has(name); count += 1) name = `${base}-${count}`;
  taken.add(name);
  return name;
}
