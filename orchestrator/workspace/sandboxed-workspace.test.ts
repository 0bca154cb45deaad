import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRedactor } from "../io/redact/redactor.ts";
import { createSandbox } from "../io/sandbox.ts";
import { createWorkspace } from "./create-workspace.ts";
import { cloneOf } from "./fixtures/temporary-clone.ts";
import {
  commitFiles,
  fingerprint,
  git,
  temporaryFolder,
  temporaryRepository,
  writeFiles,
} from "./fixtures/temporary-repository.ts";
import { provideDependencies } from "./provide-dependencies.ts";

const script = (repository: string, clone: string) => `
echo planted > node_modules/m/index.js
rm -rf node_modules/m
echo planted > ${repository}/.git/hooks/post-commit
echo planted >> ${repository}/.git/config
echo planted >> ${clone}/git/config
echo planted >> ${clone}/view/config
git config core.hooksPath /planted
git update-ref refs/heads/planted HEAD
echo kept > node_modules/.cache/kept && cat node_modules/.cache/kept > cached
git rev-parse HEAD > head
git cat-file --batch-all-objects --batch-check | wc -l > objects
git status --porcelain > status
`;

test("in a real sandbox, code under test sees its files, dependencies and git, and writes its own files alone", async ({
  skip,
}) => {
  const path = process.env["PATH"] ?? "";
  const sandbox = await createSandbox({
    redactor: createRedactor({ scanner: { scan: async () => [] } }),
    environment: { PATH: path },
  });
  if (!sandbox.enforcement(false).writes_confined) skip(sandbox.enforcement(false).reason);
  const repository = temporaryRepository({ lock: "1\n", ".gitignore": "node_modules\n" });
  // What stands in a branch, and in no tree of the base commit, is nobody's business in the sandbox.
  commitFiles(repository, { older: "gone\n" }, "older");
  git(repository, "update-ref", "refs/heads/older", "HEAD");
  git(repository, "reset", "-q", "--hard", "HEAD~1");
  writeFiles(repository, { "node_modules/m/index.js": "mine\n", ".git/hooks/x": "" });
  const before = fingerprint(repository);
  const clone = await cloneOf(repository);
  const need = {
    needed: true,
    lockFile: "lock",
    folders: ["node_modules"],
    install: null,
    unsupported: null,
    reason: "",
  };
  const { readOnly, writable, source } = await provideDependencies({
    ...{ need, repositoryRoot: repository, tree: clone.root, cacheDir: temporaryFolder("cache"), sandbox },
    ...{ network: false, environment: {} },
  });
  expect(source.method).toBe("linked");
  const outcome = await sandbox.run(
    {
      argv: ["sh", "-c", script(repository, clone.directory)],
      cwd: clone.root,
      env: { PATH: path },
      timeoutMs: 20_000,
      outputBytesMax: 65_536,
    },
    { writable: [clone.root, ...writable], readOnly: [...readOnly, ...clone.shown], network: false },
  );
  expect(fingerprint(repository), outcome.outputTail).toEqual(before);
  expect(readFileSync(join(clone.root, "cached"), "utf8")).toBe("kept\n");
  expect(readFileSync(join(clone.root, "head"), "utf8").trim(), outcome.outputTail).toBe(clone.baseCommit);
  expect(readFileSync(join(clone.root, "status"), "utf8")).toContain("?? cached");
  expect(readFileSync(join(clone.root, "objects"), "utf8").trim(), "the base commit, its tree and two files").toBe("4");
  expect(existsSync(join(clone.directory, "view/refs/heads/planted"))).toBe(false);
  const { change } = await createWorkspace(clone, need.folders).changeSet();
  expect(change.paths.map(({ path }) => path)).toEqual(["cached", "head", "objects", "status"]);
});
