import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";

/** `bytes` random bytes in hex. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString("hex");
}

/** A random number from 0 up to 1. */
export function randomFraction(): number {
  return randomBytes(4).readUInt32BE() / 2 ** 32;
}

/** An id that sorts by time and is unique without a registry: `20261121t104735123z-9f86d081884c`. Safe as a file name. */
export function newId(clock: Clock): string {
  const stamp = clock.now().toISOString().replaceAll(/[-:.]/g, "").toLowerCase();
  return `${stamp}-${randomHex(6)}`;
}
