import { plural } from '../plan/words.ts';
import type { Trust, Verdict } from '../result/summary.ts';
import { checkClock, checkCores, checkErrors, checkSamples } from './check-answers.ts';
import { checkCpu, checkEventLoop, checkLag } from './check-generator.ts';
import { checkDrops, checkEnd, checkSchedule } from './check-schedule.ts';
import type { TrustFacts } from './facts.ts';

/** In the order in which reasons are given: what the generator did to itself first, then what explains the most. */
const CHECKS = [
  checkCpu,
  checkErrors,
  checkLag,
  checkEventLoop,
  checkSchedule,
  checkDrops,
  checkEnd,
  checkSamples,
  checkClock,
  checkCores,
];
const FROM_BEST: readonly Verdict[] = ['trust', 'doubt', 'do not trust'];

/** More reasons than these are counted. */
const REASONS_SHOWN = 2;

/** Whether to believe a run: as far as the worst of its checks says, which are the reasons. */
export function judgeTrust(facts: TrustFacts): Trust {
  const checks = CHECKS.map((check) => check(facts));
  const verdict = FROM_BEST.findLast((one) => checks.some((check) => check.verdict === one)) ?? 'trust';
  if (verdict === 'trust') return { verdict, reason: `All of ${plural(checks.length, 'check')} passed`, checks };
  const [first = '', ...others] = checks.filter((check) => check.verdict === verdict).map(({ text }) => text);
  const shown = others.slice(0, REASONS_SHOWN - 1).map((text) => text.slice(0, 1).toLowerCase() + text.slice(1));
  const more = others.length - shown.length;
  const rest = more === 0 ? [] : [`and ${plural(more, 'more reason')}`];
  return { verdict, reason: [first, ...shown, ...rest].join('; '), checks };
}
