import { createHash, hash } from "node:crypto";

/** The sha256 of text (as UTF-8) or bytes, in hex. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data, "hex");
}

/**
 * The canonical JSON text of a value (RFC 8785): keys in the order of their UTF-16 units, nothing between the tokens, numbers and strings as
 * `JSON.stringify` writes them. Throws a `TypeError` for what JSON cannot say: a number that is not finite, half a surrogate pair, a circle.
 */
export function canonicalJson(value: unknown): string {
  const text = write(value, []);
  if (text === undefined) throw new TypeError("a value without a JSON form cannot be hashed");
  return text;
}

/** The sha256 of a value's canonical JSON. */
export function hashJson(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** Undefined for what JSON leaves out. `above` holds the objects that the value lies in. */
function write(value: unknown, above: object[]): string | undefined {
  if (typeof value === "string") return quote(value);
  if (typeof value !== "object" || value === null) return writePlain(value);
  if (above.includes(value)) throw new TypeError("a value that contains itself cannot be hashed");
  above.push(value);
  const text = writeContainer(value, above);
  above.pop();
  return text;
}

function writeContainer(value: object, above: object[]): string | undefined {
  if (Array.isArray(value)) return `[${value.map((item) => write(item, above) ?? "null").join(",")}]`;
  if ("toJSON" in value && typeof value.toJSON === "function") return write(value.toJSON(), above);
  let members = "";
  // The order is that of UTF-16 units, which is what sorting without a comparison means.
  for (const key of Object.keys(value).sort()) {
    const text = write(Reflect.get(value, key), above);
    if (text !== undefined) members += `${members === "" ? "" : ","}${quote(key)}:${text}`;
  }
  return `{${members}}`;
}

function writePlain(value: unknown): string | undefined {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError(`${value} cannot be hashed`);
  return JSON.stringify(value);
}

function quote(text: string): string {
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("text with half a surrogate pair cannot be hashed");
  return JSON.stringify(text);
}

/** The id that git gives to a file with these bytes; `width` is 40 (sha1) or 64 (sha256) hex digits. */
export function blobHash(bytes: Uint8Array, width: number): string {
  return createHash(width === 64 ? "sha256" : "sha1")
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest("hex");
}
