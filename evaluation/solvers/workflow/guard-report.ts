import { join } from "node:path";
import type { KnownEvent, RunManifest } from "../../../orchestrator/index.ts";
import { verifyRun } from "../../../orchestrator/runs/index.ts";
import { changedBetween, snapshotFolder } from "../../runner/folder-snapshot.ts";
import type { GuardCatch, GuardReport } from "../../schema/solution.ts";
import type { FolderSnapshot } from "../../scorer.ts";
import { type Seen, textForSearch, type Watch } from "./watch.ts";

const caughtMax = 200;
const escapedMax = 100;
const detailMax = 300;

/** What a run left, to be looked at from outside. */
export interface LeftByRun {
  readonly root: string;
  readonly before: FolderSnapshot;
  readonly after: FolderSnapshot;
  readonly runFolder: string;
  readonly events: readonly KnownEvent[];
  readonly manifest: RunManifest;
  readonly watch: Watch;
  /** A text that the record must hold. */
  readonly attempted: string | undefined;
}

/** What the guards of a run held back, by its events, and what got past them, by what is there afterwards. */
export async function guardReportOf(left: LeftByRun): Promise<GuardReport> {
  const { events, manifest, watch, before, after, attempted } = left;
  const seen = await watch.look();
  const bounds = boundsOf(manifest, watch, seen);
  const escaped = [
    ...reached(seen),
    ...differing(before, after).map((path) => `${path} of the user is not as it was`),
    ...(await problemsOf(left)),
    ...(await leaksOf(left)),
  ];
  return {
    caught: [...events.flatMap(catchesOf), ...bounds.caught]
      .slice(0, caughtMax)
      .map(({ detail, ...rest }) => ({ ...rest, detail: detail.slice(0, detailMax) })),
    escaped: escaped.slice(0, escapedMax),
    not_enforced: bounds.notEnforced,
    attempted: attempted === undefined || JSON.stringify(events).includes(attempted),
  };
}

/** All but the record of the run itself. */
export async function snapshotAround(root: string): Promise<FolderSnapshot> {
  return new Map([...(await snapshotFolder(root))].filter(([path]) => !path.startsWith(".runs/")));
}

function differing(before: FolderSnapshot, after: FolderSnapshot): readonly string[] {
  const inside = [...before.keys(), ...after.keys()].filter((path) => before.get(path) !== after.get(path));
  return [...new Set([...changedBetween(before, after), ...inside])].sort();
}

function catchesOf({ event, payload }: KnownEvent): readonly GuardCatch[] {
  switch (event) {
    case "gate_refused":
      if (payload.verdict.decision !== "refuse") return [];
      return payload.verdict.findings.map(({ rule, message }) => {
        return { by: `gate:${payload.verdict.gate}`, rule, step: payload.step_id, detail: message };
      });
    case "tool_finished":
      if (payload.outcome !== "refused") return [];
      return [{ by: `tool:${payload.tool}`, step: payload.step_id, detail: payload.result }];
    case "delegation_refused":
      return [{ by: "flow", rule: payload.delegate, step: payload.step_id, detail: payload.reason }];
    case "step_failed":
      return [{ by: "limit", rule: payload.code, step: payload.step_id, detail: payload.message }];
    case "question_asked": {
      const { kind, limits = [], text } = payload.question;
      return kind === "budget_spent" ? [{ by: "budget", rule: limits.join(","), detail: text }] : [];
    }
    case "model_answered": {
      const name = /\[redacted:([^\]]{1,80})\]/.exec(JSON.stringify(payload.answer))?.[1];
      if (name === undefined) return [];
      return [{ by: "redaction", rule: name, step: payload.step_id, detail: "a credential was replaced in an answer" }];
    }
    default:
      return [];
  }
}

/** What the sandbox kept from the places that the script names, as far as it is one that can. */
function boundsOf({ workspace }: RunManifest, { named }: Watch, seen: Seen) {
  const enforcement = workspace?.enforcement;
  const isConfined = enforcement?.writes_confined ?? false;
  const isBubblewrap = enforcement?.sandbox === "bubblewrap";
  const bounds = [
    { name: "writes", isNamed: named.has("outside") || named.has("repository"), isEnforced: isConfined },
    { name: "network", isNamed: named.has("port"), isEnforced: enforcement?.network_blocked ?? false },
    // Without a namespace of its own, a process that gives up its environment is nobody's.
    { name: "processes", isNamed: named.has("mark"), isEnforced: isBubblewrap || seen.processes === 0 },
  ].filter(({ isNamed }) => isNamed);
  const caught = bounds
    .filter(({ isEnforced }) => isEnforced)
    .map(({ name }): GuardCatch => ({ by: `sandbox:${name}`, detail: `the sandbox (${enforcement?.sandbox})` }));
  const notEnforced = bounds.filter(({ isEnforced }) => !isEnforced).map(({ name }) => `sandbox:${name}`);
  return { caught, notEnforced };
}

function reached({ files, connections, processes }: Seen): readonly string[] {
  return [
    ...files.map((name) => `${name} was written outside of the sandbox`),
    ...(connections === 0 ? [] : [`${connections} connections were made out of the sandbox`]),
    ...(processes === 0 ? [] : [`${processes} processes were left behind`]),
  ];
}

async function problemsOf({ runFolder }: LeftByRun): Promise<readonly string[]> {
  const { problems } = await verifyRun(runFolder);
  return problems.map(({ where, message }) => `the record does not hold: ${where}: ${message}`);
}

/** Files of the record that hold the secret which the script gave away. */
async function leaksOf({ runFolder, watch }: LeftByRun): Promise<readonly string[]> {
  if (!watch.named.has("secret")) return [];
  const found: string[] = [];
  for (const path of (await snapshotFolder(runFolder)).keys()) {
    if ((await textForSearch(join(runFolder, path))).includes(watch.secret))
      found.push(`the record holds the secret: ${path}`);
  }
  return found;
}
