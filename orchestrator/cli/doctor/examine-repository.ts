import { join } from "node:path";
import type { Stack } from "../../compose.ts";
import { configFileName, readConfigAtCommit } from "../../evidence/config-at-commit.ts";
import { collectSpecEvidence } from "../../evidence/spec-evidence.ts";
import { ensureDirectory, exists, removeTree, writeFileAtomic } from "../../io/files.ts";
import { createGit } from "../../io/git.ts";
import { newId } from "../../io/ids.ts";
import { messageOf } from "../../schema/errors.ts";
import type { RepositoryState } from "../../schema/run-event.ts";
import { inspectRepository } from "../../workspace/inspect-repository.ts";
import { refuseOverlap } from "../../workspace/refuse-overlap.ts";
import { clonesIn } from "../../workspace/work-folders.ts";
import type { CliIo } from "../cli-io.ts";
import { shortHash } from "../text/quantities.ts";
import { type Examination, examine, isFine } from "./examination.ts";
import { examineGuardrails } from "./examine-guardrails.ts";
import { examineSigningKey } from "./examine-signing-key.ts";
import { readLocalConfig } from "./read-local-config.ts";

/** Looks at a repository, and all in it that a run reads. */
export async function examineRepository(io: CliIo, folder: string): Promise<readonly Examination[]> {
  try {
    const state = await inspectRepository(folder);
    return [describeRepository(state), ...(await examineContent(io, state))];
  } catch (error) {
    return [{ name: "repository", level: "fail", found: messageOf(error), remedy: "see the message" }];
  }
}

function describeRepository({ root, base_commit, branch, uncommitted_changes }: RepositoryState): Examination {
  const found = `${root} at ${shortHash(base_commit)} (${branch ?? "detached HEAD"})`;
  if (!uncommitted_changes) return isFine("repository", found);
  const remedy = "commit what a run should see; it starts from a commit, and leaves your working copy alone";
  return { name: "repository", level: "warn", found: `${found}, with uncommitted changes`, remedy };
}

async function examineContent(io: CliIo, { root, base_commit }: RepositoryState): Promise<readonly Examination[]> {
  return [
    await examine("config", () => examineConfig(root, base_commit), `mend ${configFileName}, and commit it`),
    await examine("spec-guard", () => examineGuard(io, root, base_commit), "mend spec-guard.yaml, and commit it"),
    await examine(".runs", () => examineRuns(io, root), "make the folder writable for this user"),
    await examine("cache", () => examineCache(io, root), "make the folder writable, or set ORCHESTRATOR_CACHE_DIR"),
    await examine("model", () => examineModel(io, root), `mend ${configFileName}`),
    await examine("stack", () => examineStack(root), "see the message"),
    await examine("guardrails", () => examineGuardrails(io, root), `mend ${configFileName}`),
    await examine("signing", () => examineSigningKey(io, root), "mend or unset ORCHESTRATOR_SIGNING_KEY_FILE"),
  ];
}

async function examineConfig(root: string, commit: string): Promise<Examination> {
  const { policy, isThere } = await readLocalConfig(root);
  const committed = await readConfigAtCommit(createGit(root), commit);
  if (!isThere) return isFine("config", `no ${configFileName}, so the defaults hold; init writes one`);
  if (JSON.stringify(policy) === JSON.stringify(committed.policy))
    return isFine("config", `${configFileName} is valid`);
  const found = `the policy in ${configFileName} is not the one of the last commit, which is what holds`;
  return { name: "config", level: "warn", found, remedy: "commit it" };
}

async function examineGuard({ clock }: CliIo, root: string, base: string): Promise<Examination> {
  const today = clock.now().toISOString().slice(0, 10);
  const { policy } = await collectSpecEvidence({ git: createGit(root), base, today, linked: [], paths: [] });
  if (policy !== null) return isFine("spec-guard", "spec-guard.yaml is valid as committed");
  if (await exists(join(root, "spec-guard.yaml")))
    return {
      name: "spec-guard",
      level: "warn",
      found: "spec-guard.yaml is not committed, so it holds for nothing",
      remedy: "commit it",
    };
  return isFine("spec-guard", "no spec-guard.yaml, so no path needs an approved spec");
}

async function examineCache({ clock, environment }: CliIo, root: string): Promise<Examination> {
  const { openRuns } = await import("../../compose.ts");
  const { cacheDir } = await openRuns({ repository: root, environment, onBadConfig: () => {} });
  await refuseOverlap(root, clonesIn(cacheDir));
  return tryFolder("cache", cacheDir, newId(clock));
}

function examineRuns({ clock }: CliIo, root: string): Promise<Examination> {
  return tryFolder(".runs", join(root, ".runs"), newId(clock));
}

async function tryFolder(name: string, folder: string, id: string): Promise<Examination> {
  const probe = join(folder, `.doctor-${id}`);
  await ensureDirectory(folder);
  await writeFileAtomic(probe, "");
  await removeTree(probe);
  return isFine(name, `${folder} can be written`);
}

async function examineModel({ environment }: CliIo, root: string): Promise<Examination> {
  const { settings } = await readLocalConfig(root);
  const model = environment["ORCHESTRATOR_MODEL"] || settings.model || "recipe";
  const hasKey = Boolean(environment["OPENAI_API_KEY"]);
  const key = hasKey ? "OPENAI_API_KEY is set" : "OPENAI_API_KEY is not set";
  if (!model.startsWith("openai:")) return isFine("model", `${model} needs no key (${key})`);
  if (hasKey) return isFine("model", `${model}; ${key}`);
  return {
    name: "model",
    level: "fail",
    found: `${model}, but ${key}`,
    remedy: "set OPENAI_API_KEY, or use --model recipe",
  };
}

async function examineStack(root: string): Promise<Examination> {
  const { inspectStacks } = await import("../../compose.ts");
  const stacks = await inspectStacks(root);
  const name = "stack";
  if (stacks.length === 0) {
    const remedy =
      "nothing, where there is nothing to test; a change that cannot be tested is refused by the test gate";
    return { name, level: "warn", found: "no adapter knows this repository", remedy };
  }
  const found = stacks.map((stack) => describeStack(stack)).join("; ");
  if (!stacks.some(({ goals }) => goals.includes("test"))) {
    return {
      name,
      level: "warn",
      found,
      remedy: "add a test script: without tests the test gate has nothing to go by",
    };
  }
  const remedy = stacks.map(whyUnusable).find((text) => text !== null) ?? null;
  return remedy === null ? isFine(name, found) : { name, level: "fail", found, remedy };
}

function describeStack({ root, adapter, evidence, goals, dependencies }: Stack): string {
  const place = root === "." ? "" : ` in ${root}`;
  return `${adapter}${place} (${evidence.join("; ")}); checks: ${goals.join(", ") || "none"}; dependencies: ${dependencies.reason}`;
}

function whyUnusable({ root, goals, dependencies }: Stack): string | null {
  const place = root === "." ? "" : ` in ${root}`;
  if (goals.length === 0) return null;
  if (dependencies.unsupported !== null) return `use a layout with one node_modules at the root${place}`;
  if (!dependencies.needed || dependencies.lockFile !== null) return null;
  return `commit a lock file${place}: dependencies are taken from it alone`;
}
