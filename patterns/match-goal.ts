import type { PatternSummary } from "../orchestrator/schema/handoff.ts";

/** Words that say nothing about what is wanted; the same ones are taken out of keywords. */
const fillers = wordSet(
  "a an the all any each every our your their its this that these those of in into to with by for from on onto at as through",
  "via please code codebase repository project package file files module modules statement statements usage usages call calls",
);

/** Words for one and the same deed. */
const replaceVerbs = wordSet("migrate convert move switch turn change swap rewrite transform substitute replace");

/** After one of these, a clause asks for the opposite or for something else. */
const vetoes = wordSet(
  "not no never without avoid keep except remove drop strip undo revert skip ignore exclude stop forbid ban unlike",
  "document explain describe discuss why whether how",
);

const goalCharactersMax = 20_000;
const idScore = 100;

/**
 * The patterns that a goal in words asks for, best first, equal ones by id. A pattern fits where a clause of the goal holds its
 * id or one of its keywords: the same words in the same order, apart from word endings, filler words and verbs of replacing.
 * Nothing fits by a single shared word, and no clause counts that denies or only talks about the thing. Deterministic.
 */
export function matchGoal(goal: string, patterns: readonly PatternSummary[]): readonly PatternSummary[] {
  const clauses = clausesOf(goal.slice(0, goalCharactersMax));
  return patterns
    .map((pattern) => ({ pattern, score: scoreOf(pattern, clauses) }))
    .filter(({ score }) => score > 0)
    .sort((left, right) => right.score - left.score || (left.pattern.id < right.pattern.id ? -1 : 1))
    .map(({ pattern }) => pattern);
}

function scoreOf(pattern: PatternSummary, clauses: readonly string[]): number {
  const named = clauses.some((clause) => namesId(clause, pattern.id)) ? idScore : 0;
  const inWords = clauses.map(wordsOf);
  const phrases = pattern.keywords.map(wordsOf).filter((phrase) => phrase.length > 1);
  const matched = phrases.filter((phrase) => inWords.some((words) => asksFor(words, phrase)));
  return matched.reduce((score, phrase) => score + phrase.length, named);
}

/** True where the clause holds the id as it is written, and nothing before it takes it back. */
function namesId(clause: string, id: string): boolean {
  const others = id.includes("/") ? /[^a-z0-9/-]/g : /[^a-z0-9-]/g;
  const at = ` ${clause.replaceAll(others, " ")} `.indexOf(` ${id} `);
  return at !== -1 && !isVetoed(wordsOf(clause.slice(0, at)));
}

/** True where the words hold the phrase in one piece, and nothing before it takes it back. */
function asksFor(words: readonly string[], phrase: readonly string[]): boolean {
  const at = words.findIndex((_, start) => phrase.every((word, offset) => words[start + offset] === word));
  return at !== -1 && !isVetoed(words.slice(0, at));
}

function isVetoed(before: readonly string[]): boolean {
  return before.some((word) => stemmedVetoes.has(word));
}

/** Parts of a goal that stand for themselves. The arguments of a call that is quoted in it are no words of its own. */
function clausesOf(goal: string): readonly string[] {
  const plain = goal.toLowerCase().replaceAll(/(\w)\([^()]{0,200}\)/g, "$1");
  return plain.split(/[.,;!?]+(?:\s|$)|[\r\n()]+|\b(?:and|but|then)\b/);
}

function wordsOf(text: string): readonly string[] {
  const plain = text
    .toLowerCase()
    .replaceAll(/n['’]t\b/g, " not")
    .replaceAll(/\bbuilt[- ]ins?\b/g, "builtin")
    .replaceAll(/\b(?:instead of|rather than|in place of)\b/g, "over");
  const words = plain.match(/\bnode:|[a-z0-9]+/g) ?? [];
  return words.filter((word) => !fillers.has(word)).map((word) => (replaceVerbs.has(word) ? "replac" : stemOf(word)));
}

/** Without the ending of a plural or a verb, and without a doubled last letter: `logging`, `logs` and `log` are one. */
function stemOf(word: string): string {
  if (word.length <= 3) return word;
  return word.replace(/(?:ing|ed|es|s|e)$/, "").replace(/([a-z])\1$/, "$1");
}

const stemmedVetoes: ReadonlySet<string> = new Set([...vetoes].map(stemOf));

function wordSet(...lists: readonly string[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.split(" ")));
}
