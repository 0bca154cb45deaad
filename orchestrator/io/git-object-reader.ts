import { messageOf, OrchestratorError } from "../schema/errors.ts";
import { abandon, type Git, type GitLimits, spawnGit, tookTooLong } from "./git.ts";

/** One `git cat-file` that answers until it is closed, since starting git costs more than most answers. */
export interface GitObjectReader {
  /**
   * The content of what each name stands for, an object id or `<commit>:<path>`, in their order: null for what is larger
   * than `bytesMax`, undefined where nothing has the name. Throws `git_failed`.
   */
  read(names: readonly string[], bytesMax: number): Promise<(Buffer | null | undefined)[]>;
  close(): void;
}

interface Question {
  readonly bytesMax: number;
  left: number;
  readonly answers: (Buffer | null | undefined)[];
  resolve(answers: (Buffer | null | undefined)[]): void;
  reject(error: unknown): void;
}

/** Starts to read at the first question. Throws `aborted` once the signal has come; each question has the time limit for itself. */
export function createGitObjectReader(
  git: Pick<Git, "directory">,
  settings: readonly string[] = [],
  { signal, timeoutMs }: GitLimits = {},
): GitObjectReader {
  const questions: Question[] = [];
  let child: ReturnType<typeof spawnGit> | null = null;
  let broken: OrchestratorError | null = null;
  const fail = (why: string) => {
    broken ??= new OrchestratorError("git_failed", `git cat-file in ${git.directory}: ${why}`);
    endWait();
    for (const question of questions.splice(0)) question.reject(broken);
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const endWait = () => clearTimeout(timer);
  const beginWait = () => {
    endWait();
    if (timeoutMs === undefined || questions.length === 0) return;
    timer = setTimeout(() => {
      fail(tookTooLong(timeoutMs));
      if (child !== null) abandon(child);
    }, timeoutMs);
  };
  const answer = (content: Buffer | null | undefined) => {
    const question = questions[0];
    if (question === undefined) return fail("an answer that nobody asked for");
    question.answers.push(content);
    question.left -= 1;
    if (question.left > 0) return;
    questions.shift();
    beginWait();
    question.resolve(question.answers);
  };
  const start = () => {
    const started = spawnGit(git.directory, settings, ["cat-file", "--batch"], signal === undefined ? {} : { signal });
    started.stdout.on(
      "data",
      createParser(() => questions[0]?.bytesMax ?? 0, answer),
    );
    started.stdin.on("error", () => {});
    started.on("error", (error) => {
      if (signal?.aborted) broken ??= new OrchestratorError("aborted", "git was stopped", { cause: error });
      fail(messageOf(error));
    });
    started.on("close", (code) => fail(`ended with ${code}`));
    return started;
  };
  return {
    read: (names, bytesMax) => {
      const strange = names.find((name) => /[\n\0]/.test(name));
      if (strange !== undefined) fail(`a name with a line break: ${JSON.stringify(strange)}`);
      if (broken !== null) return Promise.reject(broken);
      if (names.length === 0) return Promise.resolve([]);
      if (signal?.aborted) return Promise.reject(new OrchestratorError("aborted", "stopped before git was asked"));
      child ??= start();
      child.stdin.write(`${names.join("\n")}\n`);
      return new Promise((resolve, reject) => {
        questions.push({ bytesMax, left: names.length, answers: [], resolve, reject });
        if (questions.length === 1) beginWait();
      });
    },
    close: () => {
      endWait();
      child?.removeAllListeners("close");
      child?.stdin.end();
      child?.kill();
      broken ??= new OrchestratorError("git_failed", "the reader was closed");
    },
  };
}

/** Parts the output of `cat-file --batch`: a line with name, type and size, then the bytes and a line break. */
function createParser(
  bytesMax: () => number,
  answer: (content: Buffer | null | undefined) => void,
): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let left = 0;
  let kept: Buffer[] | null = null;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (left > 0) {
        const part = chunk.subarray(at, at + left);
        kept?.push(part);
        left -= part.length;
        at += part.length;
        if (left === 0) answer(kept === null ? null : Buffer.concat(kept).subarray(0, -1));
        continue;
      }
      const end = chunk.indexOf(10, at);
      header = Buffer.concat([header, chunk.subarray(at, end < 0 ? chunk.length : end)]);
      if (end < 0) return;
      at = end + 1;
      const size = / (\d+)$/.exec(header.toString("latin1"))?.[1];
      header = Buffer.alloc(0);
      if (size === undefined) answer(undefined);
      else {
        left = Number(size) + 1;
        kept = Number(size) > bytesMax() ? null : [];
      }
    }
  };
}
