/** A mean and the error that it has for being of a sample alone. */
export interface MeanWithError {
  readonly mean: number;
  /** The standard deviation of the sample (n - 1) over the root of n; null for fewer than two values. */
  readonly standard_error: number | null;
}

/** The mean of at least one value. Several tries of one sample must be one value, or the error is told too small. */
export function meanWithError(values: readonly number[]): MeanWithError {
  const mean = meanOf(values);
  if (values.length < 2) return { mean, standard_error: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standard_error: Math.sqrt(squares / (values.length - 1) / values.length) };
}

/** The mean; NaN for no values. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
