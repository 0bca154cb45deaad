/** Where a byte of a file stands: 1-based line and column, in UTF-16 units without a byte order mark. */
export interface LinePlace {
  readonly line: number;
  readonly column: number;
}

/** Reads the lines of a UTF-8 text once, and tells the place of each byte. */
export function readLinePlaces(bytes: Buffer): (byte: number) => LinePlace {
  const text = bytes.toString("utf8");
  const starts = [0];
  let start = 0;
  let byte = 0;
  for (const { index, 0: end } of text.matchAll(/\r\n|[\n\r\u2028\u2029]/g)) {
    byte += Buffer.byteLength(text.slice(start, index + end.length));
    start = index + end.length;
    starts.push(byte);
  }
  const mark = text.startsWith("\uFEFF") ? 1 : 0;
  return (at) => {
    const index = lastAtMost(starts, at);
    const before = bytes.subarray(starts[index], at).toString("utf8").length;
    return { line: index + 1, column: Math.max(0, before - (index === 0 ? mark : 0)) + 1 };
  };
}

/** The index of the last value that is not above the limit, in a list that grows from 0. */
function lastAtMost(values: readonly number[], limit: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((values[middle] ?? 0) <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
