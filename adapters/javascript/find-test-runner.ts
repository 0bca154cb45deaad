import { type SimpleCommand, splitScript } from "./split-script.ts";

/** The runners whose report the adapter can ask for. */
export type TestRunner = "node-test" | "vitest" | "jest" | "mocha" | "ava" | "tap" | "tape";

/** What a test script runs last, or one sentence why no report can be asked for. */
export type RunnerSearch =
  | {
      readonly found: true;
      readonly runner: TestRunner;
      /** The words of the command that starts the runner. */
      readonly words: SimpleCommand;
      /** What must be appended to the script, so that these arguments reach the runner. */
      readonly passThrough: (args: readonly string[]) => readonly string[];
    }
  | { readonly found: false; readonly reason: string };

const nestingMax = 10;

/**
 * Looks through the script, and the scripts that it runs by `npm run` and the like, for the runner. A runner takes arguments only
 * as the last command; `node --test` is told by the environment, so it may stand anywhere. `packages` are the names of the
 * installed packages: they tell what TAP a plain `node test.js` writes.
 */
export function findTestRunner(
  scripts: Readonly<Record<string, string>>,
  script: string,
  packages: ReadonlySet<string>,
  depth = 0,
): RunnerSearch {
  const text = scripts[script] ?? "";
  if (depth > nestingMax) return refusal(script, text, "its scripts call each other without end");
  const commands = splitScript(text);
  if (commands === null) {
    return refusal(
      script,
      text,
      "it uses more of the shell than `&&`, which can hide an exit code or swallow an argument",
    );
  }
  const searches = commands.map((words) => findInCommand(scripts, words, packages, depth));
  const last = searches.at(-1);
  if (last?.found) return last;
  const nodeTest = searches.find((search) => search?.found && search.runner === "node-test");
  if (nodeTest !== undefined) return nodeTest;
  if (searches.some((search) => search?.found)) return refusal(script, text, "its test runner is not its last command");
  return last ?? refusal(script, text, "it names no test runner that is known");
}

function refusal(script: string, text: string, why: string): RunnerSearch {
  const advice =
    "end it with one of node --test, vitest, jest, mocha, ava, tap or tape, after nothing but commands joined by &&";
  return {
    found: false,
    reason: `no report can be asked for from the script "${script}" (${text}), since ${why}; ${advice}`,
  };
}

function findInCommand(
  scripts: Readonly<Record<string, string>>,
  words: SimpleCommand,
  packages: ReadonlySet<string>,
  depth: number,
): RunnerSearch | undefined {
  const call = scriptCall(words, scripts);
  if (call !== undefined) {
    const inner = findTestRunner(scripts, call.script, packages, depth + 1);
    if (!inner.found) return inner;
    return {
      ...inner,
      words: [...call.assignments, ...inner.words],
      passThrough: (args) => call.passThrough(inner.passThrough(args)),
    };
  }
  const runner = runnerOf(words, packages);
  return runner && { found: true, runner, words, passThrough: (args) => args };
}

function scriptCall(words: SimpleCommand, scripts: Readonly<Record<string, string>>) {
  const start = words.findIndex((word) => word !== "cross-env" && !isAssignment(word));
  const [tool = "", first = "", second = ""] = words.slice(start).filter((word) => !harmlessOptions.has(word));
  if (!["npm", "pnpm", "yarn", "bun"].includes(tool)) return undefined;
  const isRun = first === "run" || first === "run-script";
  // `pnpm test` refuses options that it does not know, and `bun test` is a runner of its own.
  const isShort = (tool === "npm" && first === "test") || tool === "yarn";
  const script = isRun ? second : first;
  if (!(isRun || isShort) || !Object.hasOwn(scripts, script)) return undefined;
  const dashes = words.indexOf("--");
  const own = words.slice(start, dashes === -1 ? undefined : dashes);
  // Another option of npm itself, such as `--workspaces`, may lead to another package.
  if (tool === "npm" && own.some((word) => word.startsWith("-") && !harmlessOptions.has(word))) return undefined;
  return {
    script,
    assignments: words.slice(0, start),
    passThrough: (args: readonly string[]) => (tool === "npm" && dashes === -1 ? ["--", ...args] : args),
  };
}

const harmlessOptions = new Set(["-s", "--silent", "--if-present"]);

function isAssignment(word: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(word);
}

const programs: ReadonlyMap<string, TestRunner> = new Map([
  ["vitest", "vitest"],
  ["jest", "jest"],
  ["mocha", "mocha"],
  ["_mocha", "mocha"],
  ["ava", "ava"],
  ["tap", "tap"],
  ["tape", "tape"],
]);

const wrappers = new Set(["cross-env", "env", "npx", "bunx", "c8", "nyc", "yarn", "node"]);

function runnerOf(words: SimpleCommand, packages: ReadonlySet<string>): TestRunner | undefined {
  if (isNodeTest(words)) return "node-test";
  const start = words.findIndex((word, index) => !isPreamble(words, word, index));
  const program = words[start] ?? "";
  const name =
    program
      .split("/")
      .at(-1)
      ?.replace(/\.[cm]?js$/, "") ?? "";
  const isInstalled = !program.includes("/") || program.includes("node_modules/");
  const known = isInstalled ? programs.get(name) : undefined;
  if (known !== undefined) return known;
  const isPlainNode = words[start - 1] === "node" && /\.[cm]?js$/.test(program);
  return isPlainNode && (packages.has("tape") || packages.has("tap")) ? "tape" : undefined;
}

const shells = /^(?:sh|bash|dash|ash|zsh|ksh|fish|cmd|powershell|pwsh|eval)(?:\.exe)?$/;

/** Options of node and tsx that take the next word as their value. */
const valueOptions =
  /^(?:-r|-C|--(?:require|import|loader|experimental-loader|conditions|env-file|tsconfig|test-[a-z-]+|experimental-test-[a-z-]+))$/;

/**
 * True for `node` or `tsx` with `--test` among its own options. A shell before it, a string that some program makes commands of, or a
 * substitution that runs tests could run more than this, whose end nobody would hear of.
 */
function isNodeTest(words: SimpleCommand): boolean {
  const inner = globbed(words);
  if (inner !== undefined) return inner !== null && isNodeTest(inner);
  const start = words.findIndex((word) => /^(?:node|tsx)$/.test(nameOf(word)));
  if (start === -1 || words.slice(0, start).some((word) => shells.test(nameOf(word)))) return false;
  if (words.some((word) => /(?:\$\(|`).*--test/s.test(word))) return false;
  const rest = words.slice(start + 1);
  const end = rest.findIndex((word, index) => !word.startsWith("-") && !valueOptions.test(rest[index - 1] ?? ""));
  const options = end === -1 ? rest : rest.slice(0, end);
  return options.includes("--test") && !options.some((word) => /^(?:-[ep]+|--eval|--print)(?:=|$)/.test(word));
}

/** The command of `glob -c '<command>' <globs>`, to which it appends the files; null where that is more than one command. */
function globbed([program, option, command]: SimpleCommand): SimpleCommand | null | undefined {
  if (program !== "glob" || (option !== "-c" && option !== "--cmd")) return undefined;
  const commands = splitScript(command ?? "");
  return commands?.length === 1 ? (commands[0] ?? null) : null;
}

function nameOf(word: string): string {
  return word.split("/").at(-1) ?? "";
}

/** True for what stands before the program: assignments, wrappers, and their options with one value each. */
function isPreamble(words: SimpleCommand, word: string, index: number): boolean {
  if (word.startsWith("-") || isAssignment(word) || wrappers.has(word)) return true;
  if (word === "pnpm" || (word === "exec" && words[index - 1] === "pnpm")) return words.includes("exec");
  const isProgram = programs.has(word) || word.includes("/") || /\.[cm]?js$/.test(word);
  return !isProgram && words[index - 1]?.startsWith("-") === true && words[index - 1] !== "--";
}
