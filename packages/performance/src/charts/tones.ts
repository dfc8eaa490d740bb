import { TONES, type Tone } from './scene.ts';

/** Tone and dash of the n-th series; more than five begin again. */
export function toneOf(index: number): { readonly tone: Tone; readonly dash: number } {
  const place = index % TONES.length;
  return { tone: TONES[place] ?? 'one', dash: place };
}
