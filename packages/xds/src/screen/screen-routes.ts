import type { RoutePlan, VirtualHostPlan } from '@meshwise/model';
import { memoise } from '../envoy/memoise.ts';
import type { CheckUnit } from '../validate/check-unit.ts';
import type { Verdict, VerdictSource } from '../validate/verdicts.ts';
import { type ScreenReport, unchecked } from './report.ts';
import { risksOf } from './risks.ts';

const isRisky = memoise(({ routes }: VirtualHostPlan) => routes.some((route) => risksOf(route).length > 0));

/**
 * Virtual hosts without what Envoy would refuse. One that has something of the kind stays as it was before; if there is
 * no before, it is there without the routes in question. The list itself comes back when nothing is refused.
 */
export function screenedHosts(
  hosts: readonly VirtualHostPlan[],
  before: readonly VirtualHostPlan[] | undefined,
  verdicts: VerdictSource,
  report: ScreenReport,
): readonly VirtualHostPlan[] {
  if (!hosts.some(isRisky)) return hosts;
  const next = hosts.flatMap((host) => (isRisky(host) ? screenedHost(host, before, verdicts, report) : [host]));
  return next.length === hosts.length && next.every((host, index) => host === hosts[index]) ? hosts : next;
}

function screenedHost(
  host: VirtualHostPlan,
  before: readonly VirtualHostPlan[] | undefined,
  verdicts: VerdictSource,
  report: ScreenReport,
): readonly VirtualHostPlan[] {
  const judged = host.routes.map((route) => [route, worstOf(route, verdicts)] as const);
  const heldBack = judged.filter(([, verdict]) => isHeldBack(verdict));
  const isPending = judged.some(([, verdict]) => verdict.status === 'pending');
  for (const [route, verdict] of judged) {
    report.heed(verdict);
    sayOf(route, verdict, report);
  }
  if (!isPending && heldBack.length === 0) return [host];
  const known = before?.find(({ name }) => name === host.name);
  if (known !== undefined) return [known];
  if (isPending) return [];
  const routes = judged.filter(([, verdict]) => !isHeldBack(verdict)).map(([route]) => route);
  return routes.length === 0 ? [] : [{ ...host, routes }];
}

function isHeldBack({ status }: Verdict): boolean {
  return status === 'refused' || status === 'undecided';
}

function worstOf(route: RoutePlan, verdicts: VerdictSource): Verdict {
  const all = risksOf(route).map((unit: CheckUnit) => verdicts.of(unit));
  const worst = ['refused', 'pending', 'undecided', 'unavailable'].flatMap((status) =>
    all.filter((one) => one.status === status),
  );
  return worst[0] ?? { status: 'accepted' };
}

function sayOf({ origin }: RoutePlan, verdict: Verdict, report: ScreenReport): void {
  if (verdict.status === 'refused') {
    report.say(origin, 'invalid', `Envoy refuses this, and what was there before holds: ${verdict.message}`);
  }
  if (verdict.status === 'undecided') {
    report.say(origin, 'invalid', unchecked('what was there before holds', verdict));
  }
  if (verdict.status === 'unavailable') {
    report.say(origin, 'info', `what is a regular expression here could not be checked: ${verdict.message}`);
  }
}
