import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { CheckReading, LanguageAdapter } from "../../orchestrator/schema/adapter-port.ts";
import { messageOf, OrchestratorError } from "../../orchestrator/schema/errors.ts";
import { type AdapterKit, createAdapterKit } from "./adapter-kit.ts";
import { foreignAnswers } from "./foreign-answers.ts";

const timeoutMs = 10_000;

type Foreign = Omit<LanguageAdapter, "id">;

const isFunction = (value: unknown) => typeof value === "function";
const member = <Name extends keyof Foreign>() => z.custom<Foreign[Name]>(isFunction, "must be a function");
const ForeignAdapter = z.object({
  title: z.string().min(1).max(200),
  markers: z.array(z.string().min(1).max(200)).max(50).exactOptional(),
  detect: member<"detect">(),
  dependencies: member<"dependencies">(),
  compareInstalled: member<"compareInstalled">(),
  checkPaths: member<"checkPaths">(),
  plan: member<"plan">(),
  read: member<"read">(),
});
const Exported = z.object({
  default: z.custom<(kit: AdapterKit) => unknown>(isFunction, "must be a function that is given the kit"),
});

/**
 * Runs the code of a team's adapter, whose default export makes the adapter from a kit; its id is its name. Throws `library_refused` where that
 * fails. What it answers later is looked at each time: where it throws, takes longer than 10 s, or answers what no adapter may, that is
 * `adapter_failed`, and never "does not fit".
 */
export async function loadTeamAdapter(name: string, entry: string): Promise<LanguageAdapter> {
  const refused = (error: unknown) =>
    new OrchestratorError("library_refused", `the adapter ${name} cannot be used: ${faultOf(error)}`, { cause: error });
  try {
    const module: unknown = await inTime(import(/* @vite-ignore */ entry));
    const made = Exported.parse(module).default(createAdapterKit());
    return guarded(name, ForeignAdapter.parse(await inTime(Promise.resolve(made))), made);
  } catch (error) {
    throw refused(error);
  }
}

/** Members are called on the object that the team made, which may hold more than the port names. */
function guarded(id: string, foreign: Foreign, self: unknown): LanguageAdapter {
  const ask = async <Schema extends z.ZodType>(what: string, schema: Schema, answer: () => unknown) => {
    try {
      return schema.parse(await inTime(Promise.resolve(answer())));
    } catch (error) {
      throw failed(id, what, error);
    }
  };
  const { detect, dependencies, compareInstalled, checkPaths, plan, read } = foreignAnswers;
  return {
    id,
    title: foreign.title,
    ...(foreign.markers === undefined ? {} : { markers: foreign.markers }),
    detect: async (repository) => {
      const found = await ask("detect", detect, () => foreign.detect.call(self, repository));
      return found && { adapter: id, ...found };
    },
    dependencies: (repository) => ask("dependencies", dependencies, () => foreign.dependencies.call(self, repository)),
    compareInstalled: (...args) =>
      ask("compareInstalled", compareInstalled, () => foreign.compareInstalled.call(self, ...args)),
    checkPaths: (...args) => ask("checkPaths", checkPaths, () => foreign.checkPaths.call(self, ...args)),
    plan: async (repository, goal, reportDir, purpose) => {
      const planned = await ask("plan", plan, () => foreign.plan.call(self, repository, goal, reportDir, purpose));
      if (planned !== null && planned.goal !== goal) throw failed(id, "plan", `it plans ${planned.goal} for ${goal}`);
      if (planned?.reportFile != null && !planned.reportFile.startsWith(`${reportDir}/`))
        throw failed(id, "plan", `its report ${planned.reportFile} is not inside of the folder for reports`);
      return planned;
    },
    read: (planned, outcome, report) => {
      try {
        const told = read.parse(foreign.read.call(self, planned, outcome, report));
        if (told.goal !== planned.goal) throw new Error(`it tells of ${told.goal}, not of ${planned.goal}`);
        return withFacts(told, planned.argv, outcome);
      } catch (error) {
        throw failed(id, "read", error);
      }
    },
  };
}

/** How the command ended is no matter of opinion. */
function withFacts(
  told: CheckReading,
  argv: readonly string[],
  outcome: Parameters<LanguageAdapter["read"]>[1],
): CheckReading {
  const result: CheckReading = {
    ...told,
    command: [...argv],
    status: outcome.status,
    exit_code: outcome.exitCode,
    duration_ms: outcome.durationMs,
    output_tail: outcome.outputTail,
  };
  const hasEnded = outcome.status === "exited" && outcome.exitCode === 0;
  if (told.verdict !== "passed" || hasEnded) return result;
  return {
    ...result,
    verdict: "failed",
    reason: "the adapter calls it passed, but the command did not end with exit code 0",
  };
}

function failed(id: string, what: string, error: unknown): OrchestratorError {
  const cause = typeof error === "string" ? undefined : error;
  const message = typeof error === "string" ? error : faultOf(error);
  return new OrchestratorError(
    "adapter_failed",
    `the adapter ${id} failed in ${what}: ${message}; correct it, and pin its new hash`,
    cause === undefined ? {} : { cause },
  );
}

function faultOf(error: unknown): string {
  if (!(error instanceof z.ZodError)) return messageOf(error).slice(0, 1_000);
  return error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join(".") || "the value"}: ${message}`)
    .join("; ");
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  const stopped = new AbortController();
  const late = sleep(timeoutMs, null, { signal: stopped.signal, ref: false }).then(() => {
    throw new Error(`it took longer than ${timeoutMs / 1000} s`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } finally {
    stopped.abort();
  }
}
