import type { ProxyView, XdsTypeView } from '@meshwise/api';
import type { Static } from 'typebox';
import { type Cell, clean, table } from '../output/table.ts';
import type { Paint } from '../output/tone.ts';
import { remaining } from '../output/units.ts';
import { proxyName } from './find-proxies.ts';

type TypeView = Static<typeof XdsTypeView>;

const TYPES = ['CDS', 'EDS', 'LDS', 'RDS', 'VHDS', 'SDS', 'ECDS'];

/** One row per proxy and a column per type, as `istioctl proxy-status` has it; rejections below, with their reasons. */
export function proxiesText(proxies: readonly ProxyView[], nowMs: number, paint: Paint): string {
  const rows = proxies.map((proxy): Cell[] => [
    proxyName(proxy),
    ...TYPES.map((type) => syncCell(proxy.types.find((one) => one.type === type))),
    proxy.identity,
    remaining(proxy.certificateExpiresAt, nowMs),
    proxy.connected ? 'yes' : 'no',
  ]);
  const headings = ['PROXY', ...TYPES, 'IDENTITY', 'EXPIRES IN', 'CONNECTED'];
  return table(headings, rows, paint) + rejections(proxies, paint);
}

/** One proxy with the versions of each type. */
export function proxyText(proxy: ProxyView, nowMs: number, paint: Paint): string {
  const expiry = remaining(proxy.certificateExpiresAt, nowMs);
  const facts = [
    `Proxy:     ${clean(proxyName(proxy))} (${proxy.role} of ${clean(proxy.workload)})`,
    `Node id:   ${clean(proxy.id)}`,
    `Identity:  ${proxy.identity ?? 'none'}`,
    `Expires:   ${expiry === null ? 'unknown' : `in ${expiry} (${proxy.certificateExpiresAt ?? ''})`}`,
    `Process:   ${proxy.process}, ${proxy.restarts} restarts${proxy.lastExit === null ? '' : `, last exit: ${clean(proxy.lastExit)}`}`,
    `Connected: ${proxy.connected ? 'yes' : 'no'}`,
  ];
  const rows = proxy.types.map((one): Cell[] => [one.type, one.resources, one.sent, one.acknowledged, syncCell(one)]);
  const types = table(['TYPE', 'RESOURCES', 'SENT', 'ACKNOWLEDGED', 'STATE'], rows, paint);
  return `${facts.join('\n')}\n\n${types}${rejections([proxy], paint)}`;
}

/** `rejected` wins: a proxy that refuses a version stays on its last good one and is never called synced. */
function syncCell(view: TypeView | undefined): Cell {
  if (view === undefined) return null;
  if (view.synced) return 'synced';
  if (view.lastRejection !== null) return 'rejected';
  return { text: view.acknowledged === null ? 'pending' : 'stale', tone: 'warn' };
}

function rejections(proxies: readonly ProxyView[], paint: Paint): string {
  const texts = proxies.flatMap((proxy) =>
    proxy.types.flatMap(({ type, lastRejection: last }) => {
      if (last === null) return [];
      const resources = last.resources.length === 0 ? '' : ` ${clean(last.resources.join(', '))}`;
      return [
        `${paint('rejected', 'bad')} ${clean(proxyName(proxy))} ${type}${resources} at ${last.at}\n  ${clean(last.reason)}\n`,
      ];
    }),
  );
  return texts.length === 0 ? '' : `\n${texts.join('')}`;
}
