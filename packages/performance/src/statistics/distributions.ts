/** The share of a standard normal variable below `z` (Abramowitz and Stegun 26.2.17, error below 7.5e-8). */
export function normalBelow(z: number): number {
  if (z < 0) return 1 - normalBelow(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
}

const Z = 1.959963984540054;

/** What 97.5 % of Student's t stays below, for four degrees of freedom or more (Abramowitz and Stegun 26.7.5). */
export function studentLimit(freedom: number): number {
  const [z3, z5, z7, z9] = [Z ** 3, Z ** 5, Z ** 7, Z ** 9];
  const terms = [
    Z,
    (z3 + Z) / 4,
    (5 * z5 + 16 * z3 + 3 * Z) / 96,
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * Z) / 384,
    (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * Z) / 92_160,
  ];
  return terms.reduce((sum, term, power) => sum + term / freedom ** power, 0);
}
