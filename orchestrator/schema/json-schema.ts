import { z } from "zod";

/** A JSON schema of an object, draft 7, as model providers take it. */
export interface ObjectSchema {
  readonly type: "object";
  readonly properties: Record<string, Record<string, unknown>>;
  readonly required: string[];
  readonly additionalProperties: false;
}

/** What was made before: a schema is asked for at every step, and making it anew costs more than the step's own bookkeeping. */
const made = new WeakMap<z.ZodObject, ObjectSchema>();

/** The JSON schema of a strict object whose fields are all required: the same frozen value each time. Throws a `TypeError` for any other. */
export function jsonSchemaOf(schema: z.ZodObject): ObjectSchema {
  const known = made.get(schema);
  if (known !== undefined) return known;
  const { $schema: _dialect, ...converted } = z.toJSONSchema(schema, { target: "draft-7" });
  const fresh = { required: [], ...converted };
  if (!isObjectSchema(fresh))
    throw new TypeError("a document that a model writes is a strict object with every field required");
  freeze(fresh);
  made.set(schema, fresh);
  return fresh;
}

function isObjectSchema(value: unknown): value is ObjectSchema {
  const shape = z.object({
    type: z.literal("object"),
    properties: z.record(z.string(), z.unknown()),
    required: z.array(z.string()),
    additionalProperties: z.literal(false),
  });
  const parsed = shape.safeParse(value);
  return parsed.success && Object.keys(parsed.data.properties).every((name) => parsed.data.required.includes(name));
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.values(value).forEach(freeze);
  Object.freeze(value);
}
