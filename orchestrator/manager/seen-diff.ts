import { z } from "zod";
import { sha256 } from "../io/hash.ts";
import { diffPageCharacters } from "../schema/handoff.ts";
import type { KnownEvent } from "../schema/run-event.ts";
import type { PatchSection } from "../workspace/patch-sections.ts";

/** One page of a diff as an agent asked for it. */
export interface DiffPage {
  /** Null for the whole diff. */
  readonly path: string | null;
  readonly offset: number;
}

const PageArguments = z.object({ path: z.string().nullable(), offset: z.number().int().nonnegative().nullable() });
const DiffCall = z.object({
  type: z.literal("function_call"),
  name: z.literal("git_diff"),
  callId: z.string(),
  arguments: z.string(),
});

/** The pages of the diff that a step's record says its agent was shown. */
export function pagesShown(events: readonly KnownEvent[], stepId: string): DiffPage[] {
  const asked = new Map<string, string>();
  const pages: DiffPage[] = [];
  for (const { event, payload } of events) {
    if (event === "model_answered" && payload.step_id === stepId) {
      for (const item of payload.answer.output) {
        const call = DiffCall.safeParse(item).data;
        if (call !== undefined)
          asked.set(keyOf(`${payload.turn}.${call.callId}`, sha256(call.arguments)), call.arguments);
      }
    }
    if (event !== "tool_finished" || payload.step_id !== stepId || payload.outcome !== "ok") continue;
    const args = asked.get(keyOf(payload.call_id, payload.arguments_sha256));
    if (payload.tool !== "git_diff" || args === undefined) continue;
    const { path, offset } = PageArguments.parse(JSON.parse(args));
    pages.push({ path, offset: offset ?? 0 });
  }
  return pages;
}

function keyOf(callId: string, argumentsSha256: string): string {
  return JSON.stringify([callId, argumentsSha256]);
}

/** The paths whose section of the patch the pages do not show whole. */
export function pathsNotShown(sections: readonly PatchSection[], pages: readonly DiffPage[]): string[] {
  const places = new Map(sections.map((section) => [section.path, section]));
  const ranges = pages.flatMap(({ path, offset }) => {
    const section = path === null ? { start: 0, end: Number.POSITIVE_INFINITY } : places.get(path);
    if (section === undefined) return [];
    const start = section.start + offset;
    return [{ start, end: Math.min(start + diffPageCharacters, section.end) }];
  });
  ranges.sort((left, right) => left.start - right.start);
  return sections.filter((section) => !isCovered(section, ranges)).map(({ path }) => path);
}

/** True where ranges, in the order of their beginnings, leave no gap in a section. */
function isCovered(
  { start, end }: PatchSection,
  ranges: readonly { readonly start: number; readonly end: number }[],
): boolean {
  const reached = ranges.reduce((at, range) => (range.start <= at ? Math.max(at, range.end) : at), start);
  return reached >= end;
}
