import { z } from "zod";

type Entry = z.ZodPipe<z.ZodObject<{ use: z.ZodLiteral<string> }>, z.ZodTransform>;

/**
 * A choice among parts that are known by name: `no-op`, or `{ use: no-op }` with the options of that part. Each entry is the schema of the
 * options with a `use`, and what it makes of them.
 */
export function byName<First extends Entry, Rest extends readonly Entry[]>(what: string, first: First, ...rest: Rest) {
  const names = [first, ...rest].flatMap(({ in: { shape } }) => [...shape.use.values]);
  const choice = z.discriminatedUnion("use", [first, ...rest], {
    error: ({ code }) =>
      code === "invalid_union" ? `there is no such ${what}; there are ${names.join(", ")}` : undefined,
  });
  return z.preprocess((given) => (typeof given === "string" ? { use: given } : given), choice);
}
