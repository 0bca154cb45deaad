/** No run is taken over more often than this; a file that claims more is no segment. */
export const epochMax = 99_999;

/** The file of the segment that the lease with this epoch writes. */
export function segmentName(epoch: number): string {
  return epoch === 1 ? "events.jsonl" : `events.${epoch}.jsonl`;
}

/** The epoch of a segment's file, or null for any other name. */
export function epochOfSegment(name: string): number | null {
  if (name === "events.jsonl") return 1;
  const digits = /^events\.([1-9]\d{0,4})\.jsonl$/.exec(name)?.[1];
  return digits === undefined || digits === "1" ? null : Number(digits);
}

/** Where bytes are kept that a crash left at the end of a segment. */
export function tornName(epoch: number): string {
  return `events.${epoch}.torn`;
}

/** Where the runner of `epoch` keeps what was written to an older segment after its lease was lost. */
export function fencedName(segmentEpoch: number, epoch: number): string {
  return `events.${segmentEpoch}.fenced.${epoch}`;
}

/** True for a name that bytes are kept under. */
export function isAsideName(name: string): boolean {
  return /^events\.\d{1,5}\.(?:torn|fenced\.\d{1,5})$/.test(name);
}
