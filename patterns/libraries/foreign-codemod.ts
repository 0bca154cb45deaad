import { z } from "zod";
import { messageOf } from "../../orchestrator/schema/errors.ts";
import type { PackageFacts } from "../../orchestrator/schema/pattern-port.ts";
import type { Codemod, Precondition } from "../engine/codemod.ts";
import type { SourceFile } from "../engine/source-file.ts";
import { PatternVersion } from "../versions/pattern-ledger.ts";
import type { BoundedCall } from "./bounded-call.ts";

const reasonLengthMax = 1_000;
const placesMax = 100_000;

const offset = z.number().int().nonnegative();
const reason = z.string().min(1).max(reasonLengthMax);

/** What `scan` must return. Members that are not known are left out. */
const ForeignScan = z.object({
  rewrites: z
    .array(
      z.object({
        at: offset,
        reason,
        splices: z.array(z.object({ start: offset, end: offset, text: z.string().max(16_777_216) })).max(placesMax),
      }),
    )
    .max(placesMax),
  refusals: z.array(z.object({ at: offset, reason })).max(placesMax),
});

const callable = <F>() => z.custom<F>((value) => typeof value === "function", "must be a function");

/** What a library must export for each codemod: the interface `Codemod`, each function of it taken for what it claims to be and checked later. */
export const ForeignCodemod = z.object({
  id: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, "lower-case words joined by '-'")
    .max(80),
  version: PatternVersion,
  title: z.string().min(1).max(200),
  description: z.string().min(1).max(2_000),
  keywords: z.array(z.string().min(1).max(200)).max(100),
  languages: z.array(z.enum(["javascript", "typescript"])).min(1),
  prefilter: callable<(text: string) => unknown>(),
  preconditions: z.array(callable<(facts: PackageFacts, path: string) => unknown>()).max(20).optional(),
  scan: callable<(source: SourceFile) => unknown>(),
});
export type ForeignCodemod = z.infer<typeof ForeignCodemod>;

/**
 * A codemod of another library, under the name of that. Whatever it does, `prefilter` never throws, a precondition answers with a reason, and
 * `scan` gives what the engine expects or throws in words; each comes to an end.
 */
export function guardCodemod(foreign: ForeignCodemod, library: string, call: BoundedCall): Codemod {
  const { id, prefilter, preconditions = [], scan, ...described } = foreign;
  const look = createLook((text) => call(() => z.boolean().parse(prefilter(text))));
  return {
    ...described,
    id: `${library}/${id}`,
    prefilter: (text) => look(text).isCandidate,
    preconditions: preconditions.map((holds) => guardPrecondition(holds, call)),
    scan: (source) => {
      const { fault } = look(source.text);
      if (fault !== null) throw new Error(fault);
      try {
        return call(() => ForeignScan.parse(scan(source)));
      } catch (error) {
        // What was thrown is not kept: to read it later could run foreign code again.
        throw new Error(describeFault(error));
      }
    },
  };
}

/** What a prefilter says of a text. One that fails lets the text through, so that the scan can say why it is skipped. */
interface Look {
  readonly isCandidate: boolean;
  readonly fault: string | null;
}

/** The engine asks several times in a row of one text, and a call that can be stopped costs a tenth of a millisecond. */
function createLook(ask: (text: string) => boolean): (text: string) => Look {
  let last: (Look & { readonly text: string }) | null = null;
  return (text) => {
    if (last?.text !== text) last = { text, ...lookAt(ask, text) };
    return last;
  };
}

function lookAt(ask: (text: string) => boolean, text: string): Look {
  try {
    return { isCandidate: ask(text), fault: null };
  } catch (error) {
    return { isCandidate: true, fault: describeFault(error) };
  }
}

function guardPrecondition(holds: (facts: PackageFacts, path: string) => unknown, call: BoundedCall): Precondition {
  return (facts, path) => {
    try {
      return call(() => reason.nullable().parse(holds(facts, path)));
    } catch (error) {
      return `a precondition failed: ${describeFault(error)}`;
    }
  };
}

/** What was thrown, or which member has a wrong shape, on one line. Never throws, whatever was thrown. */
export function describeFault(error: unknown): string {
  return faultText(error)
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .slice(0, reasonLengthMax / 2);
}

function faultText(error: unknown): string {
  try {
    if (!(error instanceof z.ZodError)) return String(messageOf(error));
    return error.issues.map((issue) => `${issue.path.join(".") || "the value"}: ${issue.message}`).join("; ");
  } catch {
    return "it threw what cannot be put into words";
  }
}
