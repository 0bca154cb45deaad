import type { Heartbeat, Liveness } from "../../schema/heartbeat.ts";
import type { ManifestCommand } from "../../schema/pipeline.ts";
import type { RunManifest, RunStatus } from "../../schema/run-manifest.ts";
import type { Printer } from "../printer.ts";
import { layFields, layTable } from "../text/layout.ts";
import { formatDuration } from "../text/quantities.ts";
import { safeLine } from "../text/safe-text.ts";
import { isStale } from "./is-stale.ts";
import { paintStatus } from "./marks.ts";
import { commandRows } from "./report/commands-section.ts";

/** What `poll` looks at. */
export interface PolledRun {
  readonly manifest: RunManifest;
  readonly heartbeat: Heartbeat | null;
  readonly liveness: Liveness;
  readonly now: Date;
  /** Null where no manifest was written yet. */
  readonly manifestPath: string | null;
  /** The command that goes on with the run. */
  readonly resume: string;
  /** The command that answers a question with yes. */
  readonly answer: (questionId: string) => string;
}

/** What `poll --format json` prints. */
export interface PollDocument {
  readonly run_id: string;
  readonly task_id: string;
  readonly status: RunStatus;
  readonly status_detail: string;
  readonly liveness: Liveness;
  /** True while somebody works on the run, as far as can be told. */
  readonly is_active: boolean;
  readonly stale: boolean;
  readonly heartbeat_at: string | null;
  readonly heartbeat_age_seconds: number | null;
  readonly heartbeat_stale_after_seconds: number | null;
  readonly step: string | null;
  readonly commands: readonly ManifestCommand[];
  readonly steps: readonly { readonly step_id: string; readonly status: string }[];
  /** Null where no manifest was written yet. */
  readonly manifest_path: string | null;
  /** How to go on; null where somebody works on the run, or it waits for an answer, or is over. */
  readonly resume: string | null;
  readonly next_command: readonly string[] | null;
  /** What the run asks, also while it is paused. */
  readonly question: { readonly id: string; readonly text: string; readonly approve: string } | null;
}

/** How a run stands, joined with its holder's sign of life. A holder that is unknown counts as working: it is not provably gone. */
export function pollDocument(polled: PolledRun): PollDocument {
  const { manifest, heartbeat, liveness, now, manifestPath, resume } = polled;
  const { run_id, task_id, status, status_detail, finished_at, pipeline } = manifest;
  const isHeld = liveness === "alive" || liveness === "unknown";
  const isOver = finished_at !== null;
  const waits = status === "blocked" || (status === "paused" && !isHeld);
  return {
    run_id,
    task_id,
    status,
    status_detail,
    liveness,
    is_active: !isOver && isHeld && !waits,
    stale: !isOver && isStale(liveness),
    heartbeat_at: heartbeat?.at ?? null,
    heartbeat_age_seconds: heartbeat === null ? null : Math.max(0, (now.getTime() - Date.parse(heartbeat.at)) / 1000),
    heartbeat_stale_after_seconds: heartbeat?.stale_after_seconds ?? null,
    step: heartbeat?.step_id ?? null,
    commands: pipeline?.commands ?? [],
    steps: manifest.steps.map(({ step_id, status: standing }) => ({ step_id, status: standing })),
    manifest_path: manifestPath,
    resume: isOver || isHeld || status === "blocked" ? null : resume,
    next_command: status === "cancelled" ? null : (pipeline?.next_command ?? null),
    question: openQuestion(polled),
  };
}

function openQuestion({ manifest, answer }: PolledRun): PollDocument["question"] {
  const open = manifest.questions.findLast((asked) => asked.answer === null)?.question;
  if (open === undefined || manifest.finished_at !== null) return null;
  return { id: open.id, text: open.text, approve: answer(open.id) };
}

/** The same for people. */
export function pollText(found: PollDocument, { paint, width }: Pick<Printer, "paint" | "width">): string {
  const age = found.heartbeat_age_seconds;
  const seen = age === null ? "nobody holds the run" : `${formatDuration(age)} ago`;
  const mark = found.stale ? ` ${paint.yellow("(stale)")}` : "";
  const steps = found.steps.map(({ step_id, status }) => [safeLine(step_id), status]);
  return [
    `${paint.bold(paintStatus(found.status, paint))}${mark}: ${safeLine(found.status_detail)}`,
    layFields(
      [
        ["run", found.run_id],
        ["heartbeat", found.heartbeat_at === null && found.resume === null ? "" : seen],
        ["manifest", found.manifest_path === null ? "not written yet" : safeLine(found.manifest_path)],
        ["asks", found.question === null ? "" : safeLine(found.question.text)],
        ["answer", found.question === null ? "" : `${safeLine(found.question.approve)}  (or reject)`],
        ["resume", found.resume === null ? "" : safeLine(found.resume)],
        ["next", found.next_command === null ? "" : found.next_command.map(safeLine).join(" ")],
      ],
      2,
      width,
    ),
    layTable([...commandRows(found.commands, paint), ...steps], 2),
  ]
    .filter((text) => text !== "")
    .join("\n");
}
