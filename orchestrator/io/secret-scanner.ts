import { messageOf, OrchestratorError } from "../schema/errors.ts";
import type { SecretMatch, SecretScanner } from "../schema/process-port.ts";
import { loosen } from "./redact/loosen.ts";
import { findPatterns, secretPatterns } from "./redact/secret-patterns.ts";
import { type Span, withheldName } from "./redact/spans.ts";

/** A rule as secretlint's presets export them. */
export type SecretRule = typeof import("@secretlint/secretlint-rule-preset-recommend")["rules"][number];

const windowLength = 65_536;
const windowOverlap = 16_384;
const findingsMax = 1000;
const selfEvident = secretPatterns.filter((pattern) => pattern.selfEvident);

/**
 * Finds credentials by secretlint's recommended preset and by our self-evident patterns. Throws `dependencies_unavailable` where the
 * rules cannot be loaded or no longer find a sample. `secretlint-disable` comments do nothing here. The preset's own exceptions stay:
 * AWS's documented example keys, and URLs whose password is a placeholder such as `${PASSWORD}`, `password` or `xxxx`.
 */
export async function createSecretScanner(): Promise<SecretScanner> {
  const scanner = createRuleScanner(await loadRules());
  const sample = `ghp_${"a1".repeat(18)}`;
  if ((await scanner.scan(sample)).length === 0) throw unusable("they do not find a sample token");
  return scanner;
}

async function loadRules(): Promise<readonly SecretRule[]> {
  try {
    return (await import("@secretlint/secretlint-rule-preset-recommend")).rules;
  } catch (error) {
    throw unusable(messageOf(error), error);
  }
}

function unusable(reason: string, cause?: unknown): OrchestratorError {
  const message = `the secret rules cannot be used, so nothing can be checked for secrets: ${reason}; install the dependencies again`;
  return new OrchestratorError("dependencies_unavailable", message, { cause });
}

/**
 * Runs scanner rules over texts of any length; rejects where a rule throws. The rules are run here rather than by secretlint's
 * core, which obeys disabling comments, compares all findings with each other, and keeps timings of every rule for ever.
 */
export function createRuleScanner(rules: readonly SecretRule[]): SecretScanner {
  const scanners = rules.filter((rule) => rule.meta.type === "scanner" && !rule.meta.id.endsWith("filter-comments"));
  const pool = createRulePool(scanners);
  return {
    scan: async (text) => {
      const spans = new Map<string, Span>();
      for (const window of windowsOf(text)) {
        for (const span of await scanWindow(text, window, pool)) {
          spans.set(`${span.start}:${span.end}:${span.name}`, span);
        }
      }
      return withLines(text, [...spans.values()]);
    },
  };
}

interface Window {
  readonly start: number;
  readonly end: number;
}

function windowsOf(text: string): Window[] {
  const windows: Window[] = [];
  for (let start = 0; start === 0 || start + windowOverlap < text.length; start += windowLength - windowOverlap) {
    windows.push({ start, end: Math.min(text.length, start + windowLength) });
  }
  return windows;
}

/** What one window shows. A match at a cut edge is left to the neighbour, which sees what stands beyond the edge. */
async function scanWindow(text: string, window: Window, pool: RulePool): Promise<Span[]> {
  const whole = text.slice(window.start, window.end);
  const loose = loosen(whole);
  const found = await scanText(whole, pool);
  if (loose !== whole && found.length <= findingsMax) found.push(...(await scanText(loose, pool)));
  if (found.length > findingsMax) return [{ ...window, name: withheldName }];
  if (found.length === 0) return found;
  return found
    .map((span) => ({ name: span.name, start: span.start + window.start, end: span.end + window.start }))
    .filter(({ start }) => start > window.start || window.start === 0)
    .filter(({ start, end }) => end < window.end || window.end === text.length || start < window.end - windowOverlap);
}

async function scanText(text: string, pool: RulePool): Promise<Span[]> {
  const found: Span[] = [];
  const rules = pool.take();
  const source = sourceOf(text);
  rules.report = (name, range, values) => {
    const [start, end] = rangeOfValue(text, range, values);
    found.push({ start, end, name });
  };
  for (const look of rules.looks) {
    if (found.length > findingsMax) break;
    // Nearly all rules answer at once, and waiting for those would cost more than they do.
    const pending = look(source);
    if (pending !== undefined) await pending;
  }
  pool.give(rules);
  found.push(...findPatterns(text, selfEvident));
  return found;
}

type RuleContext = Parameters<SecretRule["create"]>[0];
type RuleHandler = NonNullable<ReturnType<SecretRule["create"]>["file"]>;
type RuleSource = Parameters<RuleHandler>[0];
type Report = (name: string, range: readonly [number, number], values: readonly unknown[]) => void;

/** The rules, made to look at one text after the other. Who holds them hears what they report. */
interface RuleSet {
  readonly looks: readonly RuleHandler[];
  report: Report;
}

/** Sets of rules that wait for the next text: making them anew takes longer than they take for a short one. */
interface RulePool {
  take(): RuleSet;
  /** A set that has done its work; one whose rule threw is not given back. */
  give(set: RuleSet): void;
}

const waitingSetsMax = 8;

function createRulePool(rules: readonly SecretRule[]): RulePool {
  const waiting: RuleSet[] = [];
  return {
    take: () => waiting.pop() ?? createRuleSet(rules),
    give: (set) => {
      if (waiting.length < waitingSetsMax) waiting.push(set);
    },
  };
}

function createRuleSet(rules: readonly SecretRule[]): RuleSet {
  const set: { looks: RuleHandler[]; report: Report } = { looks: [], report: () => {} };
  for (const rule of rules) {
    const name = rule.meta.id.replace(/^@secretlint\/secretlint-rule-/, "");
    const context: RuleContext = {
      sharedOptions: {},
      createTranslator: () => (messageId, data) => ({ message: "", messageId: String(messageId), data }),
      report: ({ message, range }) => set.report(name, range, Object.values(message.data ?? {})),
      ignore: () => {},
    };
    const handler = rule.create(context, {});
    set.looks.push((source) => handler.file?.(source));
  }
  return set;
}

/** The range of the reported value. Some rules report the right length from the beginning of what stands before it. */
function rangeOfValue(text: string, range: readonly [number, number], values: readonly unknown[]): [number, number] {
  const [start, end] = range;
  const shown = text.slice(start, end);
  const texts = values.filter((value) => typeof value === "string");
  if (texts.includes(shown)) return [start, end];
  for (const value of texts) {
    const at = value.length === end - start ? text.indexOf(value, start) : -1;
    if (at >= 0) return [at, at + value.length];
  }
  return [start, end];
}

function sourceOf(content: string): RuleSource {
  const nowhere = { line: 1, column: 0 };
  return {
    hasBOM: false,
    content,
    filePath: undefined,
    physicalFilePath: undefined,
    contentType: "text",
    ext: "",
    getFilePath: () => undefined,
    getPhysicalFilePath: () => undefined,
    locationToRange: () => [0, 0],
    rangeToLocation: () => ({ start: nowhere, end: nowhere }),
    positionToIndex: () => 0,
    indexToPosition: () => nowhere,
  };
}

function withLines(text: string, spans: Span[]): SecretMatch[] {
  let line = 1;
  let at = 0;
  return spans
    .sort((left, right) => left.start - right.start || left.end - right.end)
    .map(({ start, end, name }) => {
      for (let next = text.indexOf("\n", at); next >= 0 && next < start; next = text.indexOf("\n", at)) {
        line++;
        at = next + 1;
      }
      return { rule: name, line, start, end };
    });
}
