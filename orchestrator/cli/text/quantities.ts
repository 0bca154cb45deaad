/** A duration for people: `0.4 s`, `42 s`, `3 min 05 s`, `2 h 05 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** A size for people: `512 B`, `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  const units = ["KiB", "MiB", "GiB"] as const;
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(units.length, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${units[power - 1]}`;
}

/** A whole number with commas: `12,345`. Without `Intl`, whose first use takes longer than many a command. */
export function formatCount(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A number and its noun: `1 file`, `2 files`. */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A timestamp in UTC to the second: `2026-11-21 11:47:03Z`. */
export function formatTime(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 19)}Z`;
}

/** Money: `$0.12`; small sums to four places, so that they are not nothing. */
export function formatCost(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 0.1 ? 4 : 2)}`;
}

/** The beginning of a hash, enough to tell it from others by eye. */
export function shortHash(hash: string): string {
  return hash.slice(0, 12);
}
