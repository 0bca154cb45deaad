/** The file of the segment that the lease with this epoch writes. */
export function segmentName(epoch: number): string {
  return epoch === 1 ? "events.jsonl" : `events.${epoch}.jsonl`;
}

/** The epoch of a segment's file, or null for any other name. */
export function epochOfSegment(name: string): number | null {
  if (name === "events.jsonl") return 1;
  const digits = /^events\.([1-9]\d{0,8})\.jsonl$/.exec(name)?.[1];
  return digits === undefined || digits === "1" ? null : Number(digits);
}

/** Where bytes are kept that were cut off the end of a segment. */
export function tornName(epoch: number): string {
  return `events.${epoch}.torn`;
}
