import { createHash } from "node:crypto";
import canonicalize from "canonicalize";

/** The sha256 of text (as UTF-8) or bytes, in hex. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** The canonical JSON text of a value (RFC 8785). Throws a `TypeError` for what JSON cannot say. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError("a value without a JSON form cannot be hashed");
  return text;
}

/** The sha256 of a value's canonical JSON. */
export function hashJson(value: unknown): string {
  return sha256(canonicalJson(value));
}

/** The id that git gives to a file with these bytes; `width` is 40 (sha1) or 64 (sha256) hex digits. */
export function blobHash(bytes: Uint8Array, width: number): string {
  return createHash(width === 64 ? "sha256" : "sha1")
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest("hex");
}
