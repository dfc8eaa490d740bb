import type { FieldReader, MirrorDestination } from '@meshwise/model';
import { readDestination } from './http-destinations.ts';
import { readPercent, readWholePercent } from './numbers.ts';

/** `mirror` with its percentage, and `mirrors`. Without a percentage every request is copied; 0 copies none. */
export function readMirrors(rule: FieldReader): readonly MirrorDestination[] {
  const single = rule.object('mirror');
  const percentage = readPercent(rule, 'mirrorPercentage');
  const percent = readWholePercent(rule, 'mirrorPercent');
  const isUnreadable =
    (rule.has('mirrorPercentage') ? percentage : rule.has('mirrorPercent') ? percent : 0) === undefined;
  const destination = single === undefined ? undefined : readDestination(single);
  const first =
    destination === undefined || isUnreadable ? [] : [{ ...destination, percent: percentage ?? percent ?? 100 }];
  const others = rule.list('mirrors').flatMap((field): readonly MirrorDestination[] => {
    const to = field.object('destination');
    const found = to === undefined ? undefined : readDestination(to);
    if (to === undefined) field.invalid('destination', 'is missing');
    const share = readPercent(field, 'percentage');
    const hasNoShare = field.has('percentage') && share === undefined;
    field.rest();
    return found === undefined || hasNoShare ? [] : [{ ...found, percent: share ?? 100 }];
  });
  return [...first, ...others].filter((mirror) => mirror.percent > 0);
}
