import { join } from "node:path";
import { ensureDirectory, exists, removeTree, writeFileAtomic } from "../../../orchestrator/io/files.ts";
import { createGit } from "../../../orchestrator/io/git.ts";

/** Makes commits that are the same in every try. */
const identity = {
  GIT_AUTHOR_NAME: "Evaluation",
  GIT_AUTHOR_EMAIL: "evaluation@localhost",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "Evaluation",
  GIT_COMMITTER_EMAIL: "evaluation@localhost",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
} as const;

/** A folder as the repository that a run works on. */
export interface SampleRepository {
  /** Takes away what was made for the run: the record, and a repository that was not there before. */
  remove(): Promise<void>;
}

/**
 * Makes a folder a repository whose HEAD holds all of its files. One that is a repository already keeps its history, with what was not
 * committed in one more commit. Throws `git_failed`.
 */
export async function makeRepository(root: string): Promise<SampleRepository> {
  const git = createGit(root);
  const wasThere = await exists(join(root, ".git"));
  if (!wasThere) {
    await git.run(["init", "--quiet", "--initial-branch=main", "--template="]);
    await ensureDirectory(join(root, ".git/info"));
  }
  const exclude = join(root, ".git/info/exclude");
  if (!(await exists(exclude))) await writeFileAtomic(exclude, "/.runs/\nnode_modules/\n");
  await git.run(["add", "--all"]);
  const { code } = await git.run(["diff", "--cached", "--quiet", "HEAD"], { okCodes: [0, 1, 128] });
  if (code !== 0) {
    await git.run(
      ["commit", "--quiet", "--allow-empty", "--no-verify", "--message=The state that the sample begins with"],
      {
        env: identity,
      },
    );
  }
  return {
    remove: async () => {
      await removeTree(join(root, ".runs"));
      if (!wasThere) await removeTree(join(root, ".git"));
    },
  };
}
