/** How often each unit was drawn. */
export type Weights = Uint16Array;

export const RESAMPLES = 2_000;

/** Draws as many units as there are, each time any of them (bootstrap; Efron, 1979). */
export function resampleUnits(units: number, random: () => number, resamples = RESAMPLES): readonly Weights[] {
  return Array.from({ length: resamples }, () => {
    const weights = new Uint16Array(units);
    for (let drawn = 0; drawn < units; drawn += 1) raise(weights, Math.floor(random() * units));
    return weights;
  });
}

/**
 * Draws blocks of neighbours until there are as many units as before (moving-block bootstrap; Künsch, 1989). For a series whose
 * values depend on those before them: seconds of one run, in which a stall takes several. Units near the ends are not rarer than
 * others, since a block that reaches the end goes on at the start (circular; Politis and Romano, 1992).
 */
export function resampleSeries(
  units: number,
  blockLength: number,
  random: () => number,
  resamples = RESAMPLES,
): readonly Weights[] {
  return Array.from({ length: resamples }, () => {
    const weights = new Uint16Array(units);
    for (let drawn = 0; drawn < units; ) {
      const start = Math.floor(random() * units);
      const end = start + Math.min(blockLength, units - drawn);
      for (let unit = start; unit < end; unit += 1, drawn += 1) raise(weights, unit % units);
    }
    return weights;
  });
}

function raise(weights: Weights, unit: number): void {
  weights[unit] = (weights[unit] ?? 0) + 1;
}
