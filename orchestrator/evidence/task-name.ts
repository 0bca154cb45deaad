import { Slug } from "../schema/primitives.ts";

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
