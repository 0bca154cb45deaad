import type { Risk } from "../gates/spec-policy.ts";
import { Slug } from "../schema/primitives.ts";

/** What a new task says. */
export interface TaskDraft {
  readonly id: string;
  readonly title: string;
  readonly goal: string;
  readonly criteria: readonly string[];
  readonly scope: readonly string[];
  /** Paths of its specs. */
  readonly specs: readonly string[];
}

/** What a new spec says. */
export interface SpecDraft {
  readonly id: string;
  readonly title: string;
  readonly relatesTo: string;
  readonly risk: Risk;
  readonly owners: readonly string[];
  /** A UTC day. */
  readonly today: string;
  readonly covers: readonly string[];
}

/** A task file: the task spec as front matter, and a checklist with one open item for each criterion. */
export function taskSkeleton({ id, title, goal, criteria, scope, specs }: TaskDraft): string {
  const lines = [
    "---",
    `id: ${quote(id)}`,
    `title: ${quote(title)}`,
    `goal: ${quote(goal)}`,
    "acceptance_criteria:",
    ...criteria.map((text, index) => `  - { id: criterion-${index + 1}, text: ${quote(text)} }`),
    `scope: { include: ${quoteAll(scope)} }`,
    ...(specs.length === 0 ? [] : [`specs: ${quoteAll(specs)}`]),
    "---",
    "",
    `# ${oneLine(title)}`,
    "",
    ...criteria.map((text) => `- [ ] ${oneLine(text)}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** A spec that is still a draft: nobody has approved it, and it lets nothing through. */
export function specSkeleton({ id, title, relatesTo, risk, owners, today, covers }: SpecDraft): string {
  const sections = ["Summary", "Proposed Changes", "Impact", "Rollout", "Open Questions"];
  const lines = [
    "---",
    `id: ${quote(id)}`,
    `title: ${quote(title)}`,
    `relates_to: ${quote(relatesTo)}`,
    `risk: ${risk}`,
    `owners: ${quoteAll(owners)}`,
    "status: draft",
    `last_review: ${today}`,
    `covers: ${quoteAll(covers)}`,
    "approvals: []",
    "---",
    ...sections.flatMap((name) => ["", `## ${name}`, "", "To be written."]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The next number after those that names begin with, in four digits. */
export function nextNumber(names: readonly string[]): string {
  const numbers = names.map((name) => Number(/^(\d{1,9})(?:[-.]|$)/.exec(name)?.[1] ?? 0));
  return String(numbers.reduce((most, each) => Math.max(most, each), 0) + 1).padStart(4, "0");
}

/** A short name made of a title: lower-case letters and digits with dashes; `task` where the title has none. */
export function slugOf(title: string): string {
  const plain = title.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const slug = plain.replaceAll(/[^a-z0-9]+/g, "-").replace(/^-+/, "");
  const short = slug.slice(0, 48).replace(/-+$/, "");
  return Slug.safeParse(short).success ? short : "task";
}

/** Plain where it can be read in one way only; a JSON string is a string of YAML too. */
function quote(text: string): string {
  const isPlain = /^[A-Za-z][A-Za-z0-9_./*-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain ? text : JSON.stringify(text);
}

function quoteAll(texts: readonly string[]): string {
  return `[${texts.map(quote).join(", ")}]`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
