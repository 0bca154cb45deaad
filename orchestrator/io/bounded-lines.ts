/** One line of a stream; `text` is the beginning alone where the line is longer than allowed. */
export interface BoundedLine {
  readonly text: string;
  readonly isWhole: boolean;
}

/** Cuts a stream into lines. */
export interface LineCutter {
  /** The lines that a chunk ends, in order, without their line breaks; one that grows too long is told at once, and its rest dropped. */
  push(chunk: Buffer): readonly BoundedLine[];
}

/** Never holds more than `bytesMax` bytes; of a longer line the first `headBytes` are told. */
export function createLineCutter(bytesMax: number, headBytes: number): LineCutter {
  let pending: Buffer[] = [];
  let length = 0;
  let dropping = false;
  const take = (): string => {
    const text = Buffer.concat(pending).toString("utf8");
    pending = [];
    length = 0;
    return text;
  };
  const keep = (part: Buffer): BoundedLine | null => {
    if (dropping) return null;
    pending.push(part);
    length += part.length;
    if (length <= bytesMax) return null;
    dropping = true;
    return { text: Buffer.from(take()).subarray(0, headBytes).toString("utf8"), isWhole: false };
  };
  const end = (): BoundedLine | null => {
    const line = dropping ? null : { text: take().replace(/\r$/, ""), isWhole: true };
    dropping = false;
    return line;
  };
  return {
    push: (chunk) => {
      const parts = partsOf(chunk);
      return parts.flatMap((part, index) => [keep(part), index < parts.length - 1 ? end() : null].filter(isLine));
    },
  };
}

function isLine(line: BoundedLine | null): line is BoundedLine {
  return line !== null;
}

/** What stands between the line breaks; the last part has none after it. */
function partsOf(chunk: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  let start = 0;
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, start)) {
    parts.push(chunk.subarray(start, at));
    start = at + 1;
  }
  return [...parts, chunk.subarray(start)];
}
