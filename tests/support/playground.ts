import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createOrchestrator } from "../../orchestrator/compose.ts";
import { systemClock } from "../../orchestrator/io/clock.ts";
import { newId } from "../../orchestrator/io/ids.ts";
import type { Orchestrator, OrchestratorOptions } from "../../orchestrator/orchestrator.ts";
import { verifyRun } from "../../orchestrator/runs/verify-run.ts";
import type { Settings } from "../../orchestrator/schema/config.ts";
import type { EventName, EventPayload, KnownEvent } from "../../orchestrator/schema/run-event.ts";
import type { RunManifest } from "../../orchestrator/schema/run-manifest.ts";
import type { RunKey } from "../../orchestrator/schema/run-store.ts";
import {
  type Content,
  fingerprint,
  temporaryFolder,
  temporaryRepository,
} from "../../orchestrator/workspace/fixtures/temporary-repository.ts";
import type { ModelServer } from "./model-server.ts";
import { samplePackage } from "./sample-package.ts";

/** A repository with a cache and an environment of its own: no keys, no git config and no cache of the user who runs the tests. */
export interface Playground {
  readonly repository: string;
  readonly cacheDir: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: Partial<Settings>;
  /** An orchestrator on the repository, as another process would make one. */
  orchestrator(options?: Partial<OrchestratorOptions>): Promise<Orchestrator>;
  /** The same with its models on a server. */
  onWire(
    server: ModelServer,
    settings?: Partial<Settings>,
    environment?: Readonly<Record<string, string>>,
  ): Promise<Orchestrator>;
  runFolder(key: RunKey): string;
  /** The problems that a check of the run's folder finds, as text. */
  problems(key: RunKey): Promise<readonly string[]>;
  /** Each file of the repository and of its git folder with its mode and hash, without the runs. */
  fingerprint(): Record<string, string>;
}

/** The key that playgrounds send to a server on loopback. */
const wireKey = "the-key-of-the-wire";

/** A playground with the files in one commit; default the sample package. All of it is removed when the test ends. */
export function createPlayground(files: Record<string, Content> = samplePackage): Playground {
  const repository = temporaryRepository({ ...files }, "a repository");
  const home = temporaryFolder("home");
  const cacheDir = join(temporaryFolder("cache"), "orchestrator");
  mkdirSync(cacheDir);
  const environment = { PATH: process.env["PATH"] ?? "", HOME: home, LANG: "C.UTF-8", USER: "tester" };
  const settings = { cache_dir: cacheDir, model_retry_delay_ms: 1, heartbeat_interval_seconds: 1 };
  const orchestrator = (options: Partial<OrchestratorOptions> = {}) =>
    createOrchestrator({ repository, environment, settings, ...options });
  const runFolder = ({ taskId, runId }: RunKey) => join(repository, ".runs", taskId, runId);
  return {
    repository,
    cacheDir,
    environment,
    settings,
    orchestrator,
    onWire: ({ baseUrl }, more = {}, variables = {}) =>
      orchestrator({
        model: "openai:mock-model",
        baseUrl,
        environment: { ...environment, OPENAI_API_KEY: wireKey, ...variables },
        settings: { ...settings, ...more },
      }),
    runFolder,
    problems: async (key) =>
      (await verifyRun(runFolder(key))).problems.map(({ where, line, message }) => `${where}:${line ?? ""} ${message}`),
    fingerprint: () => fingerprint(repository, (path) => path === ".runs"),
  };
}

/** The payloads of one kind of event, in order. */
export function payloadsOf<Name extends EventName>(
  events: readonly KnownEvent[],
  name: Name,
): readonly EventPayload<Name>[] {
  const payloads: EventPayload<Name>[] = [];
  for (const event of events) if (isNamed(event, name)) payloads.push(event.payload);
  return payloads;
}

function isNamed<Name extends EventName>(
  event: KnownEvent,
  name: Name,
): event is KnownEvent & { payload: EventPayload<Name> } {
  return event.event === name;
}

/** What each gate said, in order, as "<step> <gate> <decision>". */
export function gateLines({ gates }: RunManifest): readonly string[] {
  return gates.map(({ step_id, verdict }) => `${step_id} ${verdict.gate} ${verdict.decision}`);
}

/** Leaves a person's answer to the run's open question in its inbox. */
export async function answerQuestion(
  { runs }: Orchestrator,
  key: RunKey,
  answer: "approve" | "reject",
  message?: string,
): Promise<void> {
  const open = (await runs.manifest(key)).questions.find((asked) => asked.answer === null);
  if (open === undefined) throw new Error(`run ${key.runId} asks nothing`);
  const { id: question_id, subject_sha256 } = open.question;
  const said = message === undefined ? {} : { message };
  await runs.submit(key, { ...commandHead(), verb: "answer", question_id, subject_sha256, answer, ...said });
}

/** Leaves a command without more in the run's inbox. */
export async function tellRun({ runs }: Orchestrator, key: RunKey, verb: "pause" | "resume" | "cancel"): Promise<void> {
  await runs.submit(key, { ...commandHead(), verb });
}

function commandHead() {
  const actor = { kind: "person", id: "reviewer", authenticated_by: "local_user" } as const;
  return { schema_version: 1, id: newId(systemClock), at: systemClock.now().toISOString(), actor } as const;
}

/** The text of every file below a folder, for a search for what must not be there. */
export function allBytes(folder: string): readonly { readonly path: string; readonly text: string }[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, "latin1") }));
}
