import fc from "fast-check";
import { expect, test } from "vitest";
import { bootstrapInterval } from "./bootstrap-interval.ts";
import { comparePairs } from "./compare-pairs.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { meanWithError } from "./mean-with-error.ts";
import { passAtK, passHatK } from "./pass-estimates.ts";
import { seededRandom } from "./seeded-random.ts";
import { wilsonInterval } from "./wilson-interval.ts";

const triesAndK = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.nat(), fc.nat())
  .map(([tries, some, other]) => ({ tries, passed: some % (tries + 1), k: 1 + (other % tries) }));

/** All subsets of `k` of the tries, of which the first `passed` passed. */
function* draws(tries: number, k: number, from = 0): Generator<readonly number[]> {
  if (k === 0) yield [];
  else
    for (let first = from; first <= tries - k; first += 1)
      for (const rest of draws(tries, k - 1, first + 1)) yield [first, ...rest];
}

test("pass@k and pass^k are the shares of all draws of k tries in which one, or each, passed", () => {
  fc.assert(
    fc.property(triesAndK, ({ tries, passed, k }) => {
      const all = [...draws(tries, k)];
      const some = all.filter((draw) => draw.some((index) => index < passed)).length / all.length;
      const each = all.filter((draw) => draw.every((index) => index < passed)).length / all.length;
      expect(passAtK({ tries, passed }, k)).toBeCloseTo(some, 12);
      expect(passHatK({ tries, passed }, k)).toBeCloseTo(each, 12);
    }),
    { numRuns: 60 },
  );
});

test("pass@k is exact where the binomial coefficients overflow, and pass@1 is the share that passed", () => {
  // The reference of the paper, `1 - np.prod(1 - k / np.arange(n - c + 1, n + 1))`, with n = 200, c = 10, k = 100.
  let reference = 1;
  for (let index = 191; index <= 200; index += 1) reference *= 1 - 100 / index;
  expect(passAtK({ tries: 200, passed: 10 }, 100)).toBeCloseTo(1 - reference, 12);
  expect(passAtK({ tries: 4_000, passed: 1 }, 2_000)).toBeCloseTo(0.5, 12);
  expect(passAtK({ tries: 8, passed: 3 }, 1)).toBeCloseTo(3 / 8, 12);
});

test.each([
  [1, 0.5],
  [2, 0.8],
  [4, 1],
])(
  "pass@%i of the six examples that come with HumanEval, of which three pass, is what its own program prints",
  (k, expected) => {
    expect(passAtK({ tries: 6, passed: 3 }, k)).toBeCloseTo(expected, 12);
  },
);

test("fewer tries than k say nothing about k", () => {
  expect(passAtK({ tries: 2, passed: 2 }, 3)).toBeNull();
  expect(passHatK({ tries: 2, passed: 2 }, 3)).toBeNull();
});

test.each([
  // Newcombe 1998, table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])("the Wilson interval of %i in %i is that of Newcombe's table", (passed, tries, low, high) => {
  const interval = wilsonInterval({ tries, passed });
  expect(interval.low).toBeCloseTo(low, 4);
  expect(interval.high).toBeCloseTo(high, 4);
});

test("no try at all leaves every share possible", () => {
  expect(wilsonInterval({ tries: 0, passed: 0 })).toEqual({ low: 0, high: 1 });
});

test.each([
  // 2 · P(X ≤ 2 | 12, ½) = 158 / 4096, and the pairs of Agresti's poll of prime ministers' approval, 86 and 150: p below 0.0001.
  [2, 10, 158 / 4096],
  [5, 5, 1],
  [0, 0, 1],
  [0, 6, 2 / 64],
])("McNemar's exact test of %i against %i", (worse, better, expected) => {
  expect(mcnemarExact({ worse, better })).toBeCloseTo(expected, 10);
  expect(mcnemarExact({ worse: better, better: worse })).toBeCloseTo(expected, 10);
});

test.each([
  // The exact values that statsmodels tests itself against, made by VassarStats; the first is the example of most textbooks.
  [59, 121, 0.000004],
  [59, 70, 0.378688],
  [59, 80, 0.089452],
  [60, 30, 0.00206],
  [30, 10, 0.002221],
  [10, 10, 1],
])("McNemar's exact test of %i against %i is that of other programs", (worse, better, expected) => {
  expect(mcnemarExact({ worse, better })).toBeCloseTo(expected, 5);
});

test("McNemar's test stays a chance for thousands of pairs", () => {
  expect(mcnemarExact({ worse: 86, better: 150 })).toBeLessThan(0.0001);
  expect(mcnemarExact({ worse: 5_000, better: 5_000 })).toBe(1);
  expect(mcnemarExact({ worse: 4_000, better: 6_000 })).toBeLessThan(1e-60);
});

test("the standard error is that of the mean, and one value has none", () => {
  expect(meanWithError([1, 2, 3, 4])).toEqual({ mean: 2.5, standard_error: Math.sqrt(5 / 3 / 4) });
  expect(meanWithError([1])).toEqual({ mean: 1, standard_error: null });
});

test("the same seed gives the same numbers, evenly spread, and another seed gives others", () => {
  const draw = (seed: number) => Array.from({ length: 5_000 }, seededRandom(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(8)[0]).not.toBe(draw(7)[0]);
  const numbers = draw(7);
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const found = numbers.filter((number) => Math.floor(number * 10) === tenth).length;
    expect(Math.abs(found - 500)).toBeLessThan(120);
  }
});

test("the bootstrap interval comes near the normal one for many values, and is the same for the same seed", () => {
  const values = Array.from({ length: 400 }, (_, index) => (index % 4 === 0 ? 1 : 0));
  const interval = bootstrapInterval(values, 1);
  const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
  expect(Math.abs(interval.low - (0.25 - half))).toBeLessThan(0.008);
  expect(Math.abs(interval.high - (0.25 + half))).toBeLessThan(0.008);
  expect(bootstrapInterval(values, 1)).toEqual(interval);
  expect(bootstrapInterval([0.5, 0.5], 1)).toEqual({ low: 0.5, high: 0.5 });
});

/** The mouse data of Efron and Tibshirani 1993, table 2.1: the survival times of those that were treated. */
const treatedMice = [94, 197, 16, 38, 99, 141, 23];

/** Every mean that drawing seven of seven can give, with its chance, in order: the bootstrap of infinitely many draws. */
function everyBootstrapMean(values: readonly number[]): readonly { readonly mean: number; readonly chance: number }[] {
  const size = values.length;
  const found: { mean: number; chance: number }[] = [];
  const factorial = (count: number): number => (count <= 1 ? 1 : count * factorial(count - 1));
  const draw = (index: number, left: number, sum: number, ways: number): void => {
    const value = values[index];
    if (value === undefined) {
      if (left === 0) found.push({ mean: sum / size, chance: (factorial(size) / ways) * size ** -size });
      return;
    }
    for (let count = 0; count <= left; count += 1)
      draw(index + 1, left - count, sum + count * value, ways * factorial(count));
  };
  draw(0, size, 0, 1);
  return found.sort((left, right) => left.mean - right.mean);
}

test("the bootstrap of the treated mice has the published error, and its interval is that of all draws there are", () => {
  const all = everyBootstrapMean(treatedMice);
  expect(all).toHaveLength(1716);
  const mean = all.reduce((sum, each) => sum + each.mean * each.chance, 0);
  const variance = all.reduce((sum, each) => sum + (each.mean - mean) ** 2 * each.chance, 0);
  // Table 2.1 has the mean and its standard error, table 2.2 the bootstrap's error for endless draws.
  expect(mean).toBeCloseTo(86.86, 2);
  expect(meanWithError(treatedMice).standard_error).toBeCloseTo(25.24, 2);
  expect(Math.sqrt(variance)).toBeCloseTo(23.36, 1);
  const below = (share: number) => {
    let sum = 0;
    for (const { mean: reached, chance } of all) {
      sum += chance;
      if (sum >= share) return reached;
    }
    return Number.NaN;
  };
  const { low, high } = bootstrapInterval(treatedMice, 1, 20_000);
  expect(Math.abs(low - below(0.025))).toBeLessThan(1.5);
  expect(Math.abs(high - below(0.975))).toBeLessThan(1.5);
});

test("a comparison calls a difference one only where chance rarely makes it", () => {
  const pairs = (better: number, worse: number, same: number) => [
    ...Array.from({ length: better }, () => ({ baseline: 0, current: 1 })),
    ...Array.from({ length: worse }, () => ({ baseline: 1, current: 0 })),
    ...Array.from({ length: same }, () => ({ baseline: 1, current: 1 })),
  ];
  expect(comparePairs(pairs(2, 10, 8), 1)).toMatchObject({ verdict: "worse", difference: -0.4, better: 2, worse: 10 });
  expect(comparePairs(pairs(10, 2, 8), 1).verdict).toBe("better");
  expect(comparePairs(pairs(3, 0, 20), 1).verdict).toBe("no_difference_shown");
  expect(comparePairs([], 1)).toMatchObject({ pairs: 0, difference: 0, verdict: "no_difference_shown" });
  const { interval } = comparePairs(pairs(2, 10, 8), 1);
  expect(interval.high).toBeLessThan(0);
});
