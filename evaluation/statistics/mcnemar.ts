/** Pairs of which only one side passed. */
export interface Discordant {
  /** The baseline passed and the other did not. */
  readonly worse: number;
  /** The other passed and the baseline did not. */
  readonly better: number;
}

/**
 * The two-sided p-value of McNemar's exact test: the chance that a fair coin, thrown once for each pair that disagrees, falls at least as
 * unevenly. McNemar 1947, "Note on the sampling error of the difference between correlated proportions"; as the exact binomial test in Agresti,
 * "Categorical Data Analysis", 11.1; tested against the values of VassarStats that statsmodels is tested against. 1 where no pair disagrees.
 */
export function mcnemarExact({ worse, better }: Discordant): number {
  const pairs = worse + better;
  const fewer = Math.min(worse, better);
  let logChance = -pairs * Math.LN2;
  let tail = Math.exp(logChance);
  for (let count = 1; count <= fewer; count += 1) {
    logChance += Math.log((pairs - count + 1) / count);
    tail += Math.exp(logChance);
  }
  return Math.min(1, 2 * tail);
}
