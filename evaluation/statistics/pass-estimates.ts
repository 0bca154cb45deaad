/** How often something was tried, and how often it worked. */
export interface Tries {
  readonly tries: number;
  readonly passed: number;
}

/**
 * The chance that at least one of `k` tries passes: 1 - C(n-c, k) / C(n, k), the unbiased estimator of Chen et al. 2021, "Evaluating Large
 * Language Models Trained on Code", section 2.1, as a product, which does not overflow. Tested against what the paper's program prints for its examples. Null for fewer than `k` tries.
 */
export function passAtK({ tries, passed }: Tries, k: number): number | null {
  if (tries < k) return null;
  return 1 - shareOfDraws(tries - passed, tries, k);
}

/**
 * The chance that all of `k` tries pass: C(c, k) / C(n, k), the unbiased estimator of pass^k of Yao et al. 2024, "τ-bench", section 4. Null
 * for fewer than `k` tries.
 */
export function passHatK({ tries, passed }: Tries, k: number): number | null {
  return tries < k ? null : shareOfDraws(passed, tries, k);
}

/** C(chosen, k) / C(all, k): the share of the draws of k that come from the chosen alone. */
function shareOfDraws(chosen: number, all: number, k: number): number {
  let share = 1;
  for (let drawn = 0; drawn < k; drawn += 1) share *= Math.max(0, chosen - drawn) / (all - drawn);
  return share;
}
