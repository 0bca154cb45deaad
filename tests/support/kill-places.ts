import { appendFileSync } from "node:fs";
import { z } from "zod";
import type { LoggedEvent } from "./runner-process.ts";

/** Where in its work a runner was when it was killed, as its log shows. */
export const KillPlace = z.enum([
  "before the first step",
  "inside a turn",
  "inside a turn, an edit or a command under way",
  "inside a manager's decision",
  "inside a command of a pipeline",
  "between steps",
  "after the end",
]);
export type KillPlace = z.infer<typeof KillPlace>;

/** What a sweep of kills counted, as a row of the table at the end. */
export const KillRow = z.object({ sweep: z.string(), seed: z.number(), kills: z.partialRecord(KillPlace, z.number()) });
export type KillRow = z.infer<typeof KillRow>;

const Step = z.object({
  payload: z.object({ step_id: z.string().optional(), name: z.string().optional() }).nullable(),
});
const ends = ["step_finished", "step_failed", "step_drifted"];

/** Reads where a log stops. A turn is what lies between a model's first answer in a step and the end of that step. */
export function placeOfKill(log: readonly LoggedEvent[]): KillPlace {
  const placed = log.map(({ name, text }) => ({ name, step: stepOf(text) }));
  const lastIndex = (...names: readonly string[]) => placed.findLastIndex(({ name }) => names.includes(name));
  if (lastIndex("run_finished") !== -1) return "after the end";
  const commandAt = lastIndex("command_started");
  if (commandAt > lastIndex("command_finished", "command_interrupted")) return "inside a command of a pipeline";
  const startedAt = lastIndex("step_started");
  if (startedAt > lastIndex(...ends)) {
    const answeredAt = placed.findIndex(
      ({ name, step }) => name === "model_answered" && step === placed[startedAt]?.step,
    );
    if (answeredAt === -1) return "between steps";
    const isUnderWay = lastIndex("tool_started") > lastIndex("tool_finished");
    return isUnderWay ? "inside a turn, an edit or a command under way" : "inside a turn";
  }
  if (lastIndex("model_answered") > Math.max(startedAt, lastIndex(...ends))) return "inside a manager's decision";
  return startedAt === -1 && commandAt === -1 ? "before the first step" : "between steps";
}

function stepOf(text: string): string | null {
  return Step.parse(JSON.parse(text)).payload?.step_id ?? null;
}

/** Counts the kills of one sweep, and leaves them for the table where one is printed at the end. */
export function countKills(sweep: string, seed: number) {
  const kills: Partial<Record<KillPlace, number>> = {};
  return {
    add(log: readonly LoggedEvent[]): void {
      const place = placeOfKill(log);
      kills[place] = (kills[place] ?? 0) + 1;
    },
    report(): void {
      const file = process.env["FAULT_REPORT"];
      if (file !== undefined) appendFileSync(file, `${JSON.stringify({ sweep, seed, kills })}\n`);
    },
  };
}
