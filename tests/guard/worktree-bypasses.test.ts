import { execFileSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createTestIo } from "../../orchestrator/cli/cli-io.test-support.ts";
import { guardMain } from "../../orchestrator/cli/guard/guard-main.ts";
import { start } from "./bypass-table.ts";
import { removeFolder, runGit, today } from "./git-history.ts";
import { spec } from "./sample-specs.ts";

type Deed = (folder: string) => void;

/** A way around that lies in a working copy, in git's settings or in the environment. */
interface LocalBypass {
  readonly name: string;
  readonly evil: Deed;
  readonly caught: string;
  readonly honest: Deed;
  /** Where the guard is started, from the repository's root. */
  readonly from?: string;
  /** The evil twin is judged in a CI job. */
  readonly inCi?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

const work = mkdtempSync(join(tmpdir(), "guard-worktree-"));
const template = join(work, "template");
const git = (folder: string, ...args: string[]) => runGit(folder, args);
const write =
  (path: string, text = "changed\n"): Deed =>
  (folder) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
const both =
  (...deeds: Deed[]): Deed =>
  (folder) => {
    for (const deed of deeds) deed(folder);
  };
const call =
  (...args: string[]): Deed =>
  (folder) =>
    void git(folder, ...args);
const evilEdit = write("src/a.ts");
const goodEdit = write("src/retry/retry.ts");
const mySpec = write("tasks/specs/0007-retry.md", spec({ body: "mine\n" }));
const commit = both(call("add", "-A"), call("commit", "-qm", "change"));
const config = (name: string, value: string) => call("config", name, value);
const judged = (setting: Deed, more: Partial<LocalBypass> & { name: string }): LocalBypass => ({
  evil: both(setting, evilEdit),
  caught: "SG001",
  honest: both(setting, goodEdit),
  ...more,
});

/** The base gets a change of its own with a spec that is done by now, and a merge of it is left open. */
const openMerge = both(
  call("checkout", "-q", "base"),
  write("src/a.ts", "of the base\n"),
  write("tasks/specs/8.md", spec({ id: "n8", covers: "[src/a.ts]", status: "done" })),
  commit,
  call("checkout", "-q", "work"),
  goodEdit,
  commit,
  call("merge", "-q", "--no-ff", "--no-commit", "base"),
);
const elsewhere = join(work, "an-index");
/** Leaves what is done in an index alone, which lies outside of the repository. */
const inAnotherIndex = (deed: Deed) =>
  both(
    deed,
    call("add", "-A"),
    (folder) => copyFileSync(join(folder, ".git/index"), elsewhere),
    call("reset", "-q", "--hard"),
  );

beforeAll(() => {
  mkdirSync(template);
  git(template, "init", "-q", "-b", "work");
  git(template, "config", "user.email", "bo@example.com");
  for (const [path, content] of Object.entries(start)) if (typeof content === "string") write(path, content)(template);
  git(template, "add", "-A");
  git(template, "commit", "-qm", "base");
  git(template, "branch", "base");
});
afterAll(() => removeFolder(work));
afterEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith("GIT_")) delete process.env[name];
});

const cases: readonly LocalBypass[] = [
  { name: "leave the change out of the commit", evil: evilEdit, caught: "SG001", honest: goodEdit },
  {
    name: "only stage the change",
    evil: both(evilEdit, call("add", "-A")),
    caught: "SG001",
    honest: both(goodEdit, call("add", "-A")),
  },
  {
    name: "stage the change and restore the file",
    evil: both(evilEdit, call("add", "-A"), write("src/a.ts", "a\n")),
    caught: "SG001",
    honest: both(evilEdit, write("src/a.ts", "a\n")),
  },
  {
    name: "stage a submodule that the folder does not have",
    evil: call("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},src/retry/sub`),
    caught: "SG014",
    honest: call("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},lib/sub`),
  },
  {
    name: "stage a link in the place of the file that the folder has",
    evil: (folder) => {
      const target = runGit(folder, ["hash-object", "-w", "--stdin"], Buffer.from("../docs")).trim();
      git(folder, "update-index", "--add", "--cacheinfo", `120000,${target},src/retry/retry.ts`);
    },
    caught: "SG013",
    honest: both(goodEdit, call("add", "-A")),
  },
  {
    name: "stage an edit of the spec and restore the approved one in the folder",
    evil: both(
      goodEdit,
      write("tasks/specs/0007-retry.md", spec().replace("Three", "Four")),
      call("add", "-A"),
      write("tasks/specs/0007-retry.md", spec()),
    ),
    caught: "SG006",
    honest: both(goodEdit, mySpec, call("add", "-A"), write("docs/notes.md", "later\n")),
  },
  {
    name: "stage the code without the spec that lies beside it",
    evil: both(
      write("src/a.ts"),
      call("add", "-A"),
      write("tasks/specs/8.md", spec({ id: "n8", covers: "[src/a.ts]" })),
    ),
    caught: "as staged: src/a.ts",
    honest: both(
      write("src/a.ts"),
      write("tasks/specs/8.md", spec({ id: "n8", covers: "[src/a.ts]" })),
      call("add", "-A"),
    ),
  },
  {
    name: "add a file that git does not track",
    evil: write("src/new.ts"),
    caught: "SG001",
    honest: write("docs/new.md"),
  },
  {
    name: "ignore a new file by a list of one's own",
    evil: both(write(".git/info/exclude", "new.ts\n"), write("src/new.ts")),
    caught: "SG001",
    honest: both(write(".gitignore", "*.log\n"), write("src/a.log")),
  },
  {
    name: "announce a file to the index, without its content",
    evil: both(write("src/new.ts"), call("add", "-N", "src/new.ts")),
    caught: "SG001",
    honest: both(write("docs/new.md"), call("add", "-N", "docs/new.md")),
  },
  {
    name: "put a pipe into the place of a controlled file",
    evil: (folder) => {
      rmSync(join(folder, "src/retry/retry.ts"));
      execFileSync("mkfifo", [join(folder, "src/retry/retry.ts")]);
    },
    caught: "not a regular file",
    honest: goodEdit,
  },
  {
    name: "delete a file without telling git",
    evil: (folder) => rmSync(join(folder, "src/a.ts")),
    caught: "SG001",
    honest: (folder) => rmSync(join(folder, "docs/notes.md")),
  },
  {
    name: "make a file executable without telling git",
    evil: (folder) => chmodSync(join(folder, "src/a.ts"), 0o755),
    caught: "SG001",
    honest: (folder) => chmodSync(join(folder, "docs/notes.md"), 0o755),
  },
  {
    name: "commit the change and stage its opposite",
    evil: both(evilEdit, commit, write("src/a.ts", "a\n"), call("add", "-A")),
    caught: "SG001",
    honest: both(evilEdit, commit, call("reset", "-q", "--hard", "base"), goodEdit),
  },
  {
    name: "take the change back in the folder, and not in the commit that is under way",
    evil: both(evilEdit, commit, write("src/a.ts", "a\n")),
    caught: "as staged: src/a.ts",
    honest: both(evilEdit, commit, write("src/a.ts", "a\n"), call("add", "-A")),
    environment: { GIT_INDEX_FILE: ".git/index" },
  },
  {
    name: "bring the change in by a merge that is open",
    evil: both(openMerge, write("src/a.ts", "mine\n")),
    caught: "SG001",
    honest: openMerge,
  },
  {
    name: "keep one's own side in a merge that is open",
    evil: both(openMerge, call("checkout", "HEAD", "--", "src/a.ts")),
    caught: "SG001",
    honest: both(openMerge, goodEdit, call("add", "-A")),
  },
  {
    name: "commit by an index that lies elsewhere",
    evil: inAnotherIndex(evilEdit),
    caught: "as staged: src/a.ts",
    honest: inAnotherIndex(goodEdit),
    environment: { GIT_INDEX_FILE: elsewhere },
  },
  {
    name: "hide the change behind the line ends of a checkout",
    evil: both(config("core.autocrlf", "true"), write("src/a.ts", "a\r\nb\r\n")),
    caught: "SG001",
    honest: both(config("core.autocrlf", "true"), write("src/a.ts", "a\r\n")),
  },
  {
    name: "stage other line ends",
    evil: both(write("src/a.ts", "a\r\n"), call("add", "-A")),
    caught: "SG001",
    honest: both(config("core.autocrlf", "true"), write("src/a.ts", "a\r\n"), call("add", "-A")),
  },
  {
    name: "put a link into the working copy",
    evil: (folder) => symlinkSync("../docs", join(folder, "src/docs")),
    caught: "SG013",
    honest: (folder) => symlinkSync("docs", join(folder, "papers")),
  },
  {
    name: "move the controlled folder and leave a link",
    evil: both(
      (folder) => renameSync(join(folder, "src"), join(folder, "impl")),
      (folder) => symlinkSync("impl", join(folder, "src")),
    ),
    caught: "SG013",
    honest: (folder) => symlinkSync("src", join(folder, "impl")),
  },
  {
    name: "put a repository of one's own into the controlled folder",
    evil: both(
      (folder) => mkdirSync(join(folder, "src/own")),
      (folder) => void git(join(folder, "src/own"), "init", "-q"),
      write("src/own/a.ts"),
      (folder) => void git(join(folder, "src/own"), "add", "-A"),
      (folder) => void git(join(folder, "src/own"), "commit", "-qm", "x"),
    ),
    caught: "SG014",
    honest: (folder) => mkdirSync(join(folder, "src/empty")),
  },
  {
    name: "have git assume that the file is unchanged",
    evil: both(call("update-index", "--assume-unchanged", "src/a.ts"), evilEdit),
    caught: "SG016",
    honest: both(call("update-index", "--assume-unchanged", "docs/notes.md"), write("docs/notes.md")),
  },
  {
    name: "have git skip the file",
    evil: both(call("update-index", "--skip-worktree", "src/a.ts"), evilEdit),
    caught: "SG016",
    honest: both(call("sparse-checkout", "set", "docs", "tasks"), write("docs/notes.md")),
  },
  {
    name: "edit the spec that covers the change, without a commit",
    evil: both(goodEdit, write("tasks/specs/0007-retry.md", spec().replace("Three", "Four"))),
    caught: "SG006",
    honest: both(goodEdit, write("tasks/specs/0007-retry.md", spec({ body: "new\n" }))),
  },
  {
    name: "approve one's own spec, without a commit",
    evil: both(goodEdit, mySpec, config("user.email", "Ana+work@example.com")),
    caught: "SG011",
    honest: both(goodEdit, mySpec),
  },
  {
    name: "write a spec as nobody, without a commit",
    evil: both(goodEdit, mySpec, call("config", "--unset", "user.email")),
    caught: "SG011",
    honest: both(goodEdit, call("config", "--unset", "user.email")),
  },
  {
    name: "delete the spec that covers the change, without a commit",
    evil: both(goodEdit, (folder) => rmSync(join(folder, "tasks/specs/0007-retry.md"))),
    caught: "SG001",
    honest: goodEdit,
  },
  {
    name: "loosen the policy without a commit",
    evil: both(evilEdit, write("spec-guard.yaml", "version: 1\n")),
    caught: "SG001",
    honest: goodEdit,
  },
  judged(config("diff.relative", "true"), { name: "have git show only one folder", from: "docs" }),
  judged(config("core.ignoreCase", "true"), { name: "have git ignore the case of names" }),
  judged(config("status.showUntrackedFiles", "no"), {
    name: "have git not show what is new",
    evil: both(config("status.showUntrackedFiles", "no"), write("src/new.ts")),
  }),
  judged(config("diff.external", "/bin/true"), { name: "have git compare by a program that finds nothing" }),
  judged(config("core.fsmonitor", "/bin/true"), { name: "have git ask a monitor that saw nothing" }),
  judged(config("core.checkStat", "minimal"), { name: "have git look at less of a file's state" }),
  judged(config("diff.orderFile", "/nonexistent"), { name: "have git fail over its order file" }),
  judged(config("core.quotePath", "true"), {
    name: "have git quote names",
    evil: both(config("core.quotePath", "true"), write("src/ä.ts")),
  }),
  judged(
    both(
      write(".gitattributes", "src/** filter=hide\n"),
      config("filter.hide.clean", "git cat-file blob HEAD:src/a.ts"),
    ),
    { name: "have a filter clean the change away" },
  ),
  judged(() => {}, {
    name: "replace the commit by another object",
    evil: both(evilEdit, commit, replaceHead),
    honest: both(goodEdit, commit, replaceHead),
  }),
  judged(() => {}, {
    name: "graft another history",
    evil: both(evilEdit, commit, graftHead),
    honest: both(goodEdit, commit, graftHead),
  }),
  judged(() => {}, {
    name: "change in a linked working copy",
    evil: both(call("worktree", "add", "-q", "linked"), write("linked/src/a.ts")),
    honest: both(call("worktree", "add", "-q", "linked"), write("linked/src/retry/retry.ts")),
    from: "linked",
  }),
  judged(() => {}, {
    name: "point git to another repository",
    environment: { GIT_DIR: join(template, ".git"), GIT_WORK_TREE: template },
  }),
  judged(() => {}, { name: "point git to another index", environment: { GIT_INDEX_FILE: "/nonexistent" } }),
  judged(() => {}, {
    name: "point git to other objects",
    environment: { GIT_OBJECT_DIRECTORY: "/nonexistent", GIT_ALTERNATE_OBJECT_DIRECTORIES: "/nonexistent" },
  }),
  judged(() => {}, {
    name: "configure git by the environment",
    environment: {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "diff.ignoreSubmodules",
      GIT_CONFIG_VALUE_0: "all",
      GIT_CONFIG_PARAMETERS: "'diff.relative=true'",
      GIT_LITERAL_PATHSPECS: "1",
      GIT_DIFF_OPTS: "-u0",
      GIT_EXTERNAL_DIFF: "/bin/true",
      GIT_NAMESPACE: "other",
      GIT_REPLACE_REF_BASE: "refs/heads/",
      GIT_CEILING_DIRECTORIES: work,
      GIT_DISCOVERY_ACROSS_FILESYSTEM: "0",
    },
  }),
  judged(
    (folder) => {
      const lent = join(folder, ".git/lent");
      renameSync(join(folder, ".git/objects"), lent);
      mkdirSync(join(folder, ".git/objects/info"), { recursive: true });
      writeFileSync(join(folder, ".git/objects/info/alternates"), `${lent}\n`);
    },
    { name: "lend the objects from elsewhere" },
  ),
  judged(config("core.excludesFile", ".git/mine"), {
    name: "have git ignore what is new by a setting",
    evil: both(config("core.excludesFile", ".git/mine"), write(".git/mine", "new.ts\n"), write("src/new.ts")),
  }),
  judged(() => {}, { name: "judge from a folder deep inside", from: "tasks/specs" }),
  {
    name: "judge a shallow clone",
    evil: both(goodEdit, commit, write(".git/shallow", ""), (folder) =>
      writeFileSync(join(folder, ".git/shallow"), git(folder, "rev-parse", "HEAD")),
    ),
    caught: "git fetch --unshallow",
    honest: both(goodEdit, commit),
  },
  {
    name: "put a tag in the place of the base",
    evil: both(evilEdit, commit, call("tag", "base")),
    caught: "may be refs/tags/base or refs/heads/base",
    honest: both(goodEdit, commit, call("tag", "base", "base")),
  },
  {
    name: "name a base that is not there",
    evil: both(goodEdit, call("branch", "-D", "base")),
    caught: "there is no commit",
    honest: goodEdit,
  },
  {
    name: "judge where there is no repository",
    evil: (folder) => rmSync(join(folder, ".git"), { recursive: true }),
    caught: "not a git repository",
    honest: goodEdit,
  },
  {
    name: "damage the repository",
    evil: both(
      goodEdit,
      commit,
      (folder) => rmSync(join(folder, ".git/objects"), { recursive: true }),
      (folder) => mkdirSync(join(folder, ".git/objects")),
    ),
    caught: "there is no commit",
    honest: both(goodEdit, commit),
  },
  {
    name: "set the day in CI",
    evil: both(goodEdit, commit),
    caught: "--now is refused in CI",
    honest: both(goodEdit, commit),
    inCi: true,
  },
];

function replaceHead(folder: string): void {
  const other = git(folder, "commit-tree", "base^{tree}", "-p", "base", "-m", "other").trim();
  git(folder, "replace", "HEAD", other);
}

function graftHead(folder: string): void {
  const head = git(folder, "rev-parse", "HEAD").trim();
  mkdirSync(join(folder, ".git/info"), { recursive: true });
  writeFileSync(join(folder, ".git/info/grafts"), `${git(folder, "rev-parse", "base").trim()} ${head}\n`);
}

async function judge(bypass: LocalBypass, deed: Deed, place: string): Promise<{ exit: number; said: string }> {
  const folder = join(work, place);
  cpSync(template, folder, { recursive: true });
  deed(folder);
  Object.assign(process.env, bypass.environment ?? {});
  const io = createTestIo({
    cwd: join(folder, bypass.from ?? "."),
    environment: { ...bypass.environment, ...(bypass.inCi && place.startsWith("evil") ? { CI: "true" } : {}) },
  });
  const exit = await guardMain(["--base", "base", "--now", today], io);
  return { exit, said: io.output() + io.errors() };
}

test.each(cases.map((bypass, index) => ({ ...bypass, index })))(
  "it is refused to $name",
  async ({ index, ...bypass }) => {
    const refused = await judge(bypass, bypass.evil, `evil-${index}`);
    expect(refused.said).toContain(bypass.caught);
    expect(refused.exit, refused.said).toBe(/^SG\d+$|^as staged/.test(bypass.caught) ? 1 : 2);
    const passed = await judge(bypass, bypass.honest, `honest-${index}`);
    expect(passed.exit, passed.said).toBe(0);
  },
);
