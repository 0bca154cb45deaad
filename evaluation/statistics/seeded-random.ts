/** Numbers from 0 up to 1. */
export type Random = () => number;

/**
 * The same numbers for the same seed, on every machine: sfc32 of Chris Doty-Humphrey's PractRand, with the seed in all of its state and
 * the first twelve numbers thrown away, as there. Not for secrets.
 */
export function seededRandom(seed: number): Random {
  let [a, b, c, counter] = [0, Math.floor(seed / 2 ** 32) | 0, seed | 0, 1];
  const next: Random = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let thrown = 0; thrown < 12; thrown += 1) next();
  return next;
}
