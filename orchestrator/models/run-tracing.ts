import { setTraceProcessors, setTracingDisabled, type TracingProcessor } from "@openai/agents-core";

/** Takes one line of a run's trace. Must not throw. */
export type TraceSink = (line: string) => void;

/** Sends the spans of the Agents SDK to the run they belong to, and nowhere else. */
export interface RunTracing {
  /** From now on, spans of traces in this group go to the sink. Returns the way to end it. */
  route(groupId: string, sink: TraceSink): () => void;
}

interface SpanLike {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly spanData: { readonly type: string };
  readonly error: unknown;
}

interface Taken {
  readonly tracing: RunTracing;
  readonly claim: () => void;
}

/** The one state of a module in this library: the SDK traces once for a whole process, so all orchestrators in it share one processor. */
let taken: Taken | null = null;

/**
 * Takes over the SDK's tracing, which by default posts to its vendor. Each call, and each begin of a run, replaces every other trace
 * processor of the process, a host program's own as well: none but the run's file may get what a run does. A sink or span that fails
 * never breaks a run.
 */
export function takeOverTracing(): RunTracing {
  taken ??= createTracing();
  taken.claim();
  return taken.tracing;
}

function createTracing(): Taken {
  const sinks = new Map<string, TraceSink>();
  const groups = new Map<string, string>();
  const processor = createProcessor(sinks, groups);
  const claim = () => {
    setTracingDisabled(false);
    setTraceProcessors([processor]);
  };
  const tracing: RunTracing = {
    route: (groupId, sink) => {
      claim();
      sinks.set(groupId, sink);
      return () => {
        sinks.delete(groupId);
      };
    },
  };
  return { tracing, claim };
}

function createProcessor(sinks: Map<string, TraceSink>, groups: Map<string, string>): TracingProcessor {
  const write = (traceId: string, value: unknown) => {
    try {
      sinks.get(groups.get(traceId) ?? "")?.(`${JSON.stringify(value)}\n`);
    } catch {
      // A trace is a convenience: losing a line of it must not end a run.
    }
  };
  const nothing = async () => {};
  return {
    onTraceStart: async (trace) => {
      if (trace.groupId) groups.set(trace.traceId, trace.groupId);
    },
    onTraceEnd: async (trace) => {
      write(trace.traceId, { type: "trace", trace_id: shortId(trace.traceId), name: trace.name });
      groups.delete(trace.traceId);
    },
    onSpanStart: nothing,
    onSpanEnd: async (span) => write(span.traceId, describeSpan(span)),
    shutdown: nothing,
    forceFlush: nothing,
  };
}

function describeSpan(span: SpanLike): Record<string, unknown> {
  const name: unknown = Reflect.get(span.spanData, "name");
  return {
    type: span.spanData.type,
    ...(typeof name === "string" ? { name } : {}),
    trace_id: shortId(span.traceId),
    span_id: shortId(span.spanId),
    parent_id: span.parentId === null ? null : shortId(span.parentId),
    started_at: span.startedAt,
    ended_at: span.endedAt,
    ...(span.error ? { failed: true } : {}),
  };
}

/** Twelve hex digits of an id, enough to tell the spans of one run apart: whole ids are half of a trace. */
function shortId(id: string): string {
  return id.slice(id.indexOf("_") + 1).slice(0, 12);
}
