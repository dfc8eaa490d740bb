import { shuffled } from '../stats/random.ts';

/**
 * The order in which variants are measured: each round in a random order and then in its mirror image, so that a machine
 * that grows slower or faster over a round does so to all variants alike (ABBA with more than two).
 */
export function blockOrder<Variant>(variants: readonly Variant[], rounds: number, random: () => number): Variant[][] {
  return Array.from({ length: rounds }, () => {
    const order = shuffled(variants, random);
    return [order, order.toReversed()];
  }).flat();
}
