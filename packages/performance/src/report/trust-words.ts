import type { Verdict } from '@meshwise/load';
import type { Tone } from './document.ts';

export const TRUST_TONES: Readonly<Record<Verdict, Tone>> = { trust: 'good', doubt: 'doubt', 'do not trust': 'bad' };
export const TRUST_WORDS: Readonly<Record<Verdict, string>> = {
  trust: 'To be trusted',
  doubt: 'Doubtful',
  'do not trust': 'Not to be trusted',
};
