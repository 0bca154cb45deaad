import type { Interval } from "../../statistics/interval.ts";
import { html, type Markup } from "./markup.ts";

/** A mean within its interval, on a scale. */
export interface IntervalChart {
  readonly id: string;
  readonly caption: string;
  readonly mean: number;
  readonly interval: Interval;
  readonly scale: Interval;
  /** Where the scale's middle line stands; left out: no line. */
  readonly zero?: number;
  readonly format: (value: number) => string;
}

const pairsMax = 400;

/** A band for the interval and a mark for the mean. What it shows is in its caption as well. */
export function intervalChart({ id, caption, mean, interval, scale, zero, format }: IntervalChart): Markup {
  const place = (value: number) =>
    round((100 * (clamp(value, scale) - scale.low)) / Math.max(scale.high - scale.low, Number.EPSILON));
  const [low, high] = [place(interval.low), place(interval.high)];
  const line =
    zero === undefined ? null : html`<line class="zero" x1="${place(zero)}" x2="${place(zero)}" y1="0" y2="10"/>`;
  return html`<figure>
<figcaption id="${id}">${caption}</figcaption>
<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-labelledby="${id}">
<rect class="track" x="0" y="2" width="100" height="6"/>
<rect class="band" x="${low}" y="2" width="${round(Math.max(high - low, 0.3))}" height="6"/>${line}
<line class="mean" x1="${place(mean)}" x2="${place(mean)}" y1="0.5" y2="9.5"/>
</svg>
<div class="axis" aria-hidden="true"><span>${format(scale.low)}</span><span>${format((scale.low + scale.high) / 2)}</span><span>${format(scale.high)}</span></div>
</figure>`;
}

/** Differences from -1 to 1, one bar for each sample, the best first. Of more than 400 samples, those in the middle are left out. */
export function pairsChart(id: string, caption: string, differences: readonly number[]): Markup {
  const sorted = [...differences].sort((left, right) => right - left);
  const ends = pairsMax / 2;
  const shown = sorted.length <= pairsMax ? sorted : [...sorted.slice(0, ends), ...sorted.slice(-ends)];
  const leftOut = sorted.length - shown.length;
  const told = leftOut === 0 ? caption : `${caption} ${leftOut} in the middle are not drawn.`;
  const width = 100 / Math.max(shown.length, 1);
  return html`<figure>
<figcaption id="${id}">${told}</figcaption>
<svg class="pairs" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-labelledby="${id}">
${shown.map((difference, index) => pairBar(difference, index, width))}
<line class="zero" x1="0" x2="100" y1="50" y2="50"/>
</svg>
<div class="axis" aria-hidden="true"><span>better</span><span>one bar for each sample</span><span>worse</span></div>
</figure>`;
}

function pairBar(difference: number, index: number, width: number): Markup {
  const height = difference === 0 ? 2 : Math.abs(difference) * 48;
  const top = difference === 0 ? 49 : difference > 0 ? 50 - height : 50;
  const kind = difference === 0 ? "same" : difference > 0 ? "up" : "down";
  return html`<rect class="${kind}" x="${round(index * width + width * 0.1)}" y="${round(top)}" width="${round(width * 0.8)}" height="${round(height)}"/>`;
}

/** How many are better, the same and worse, as parts of one bar. */
export function splitChart(
  id: string,
  caption: string,
  counts: Readonly<Record<"up" | "same" | "down", number>>,
): Markup {
  const all = Math.max(counts.up + counts.same + counts.down, 1);
  let from = 0;
  const parts = (["up", "same", "down"] as const).map((kind) => {
    const width = (100 * counts[kind]) / all;
    from += width;
    return html`<rect class="${kind}" x="${round(from - width)}" y="0" width="${round(width)}" height="10"/>`;
  });
  return html`<figure>
<figcaption id="${id}">${caption}</figcaption>
<svg class="split" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-labelledby="${id}">${parts}</svg>
</figure>`;
}

function clamp(value: number, { low, high }: Interval): number {
  return Math.min(high, Math.max(low, value));
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
