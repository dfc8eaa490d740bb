import type { Health, ProxyView } from '@meshwise/api';
import { type Sync, syncOf, type TypeSync } from '../logic/sync.ts';
import { HealthIcon } from '../ui/icons.tsx';

const LABEL: Readonly<Record<Sync, string>> = {
  rejected: 'Rejected',
  disconnected: 'Disconnected',
  pending: 'Pending',
  synced: 'Synced',
};

const TONE: Readonly<Record<Sync, Health>> = {
  rejected: 'failing',
  disconnected: 'failing',
  pending: 'degraded',
  synced: 'healthy',
};

export function SyncBadge(props: { readonly proxy: ProxyView }) {
  const sync = syncOf(props.proxy);
  return (
    <span className="mw-health" data-health={TONE[sync]}>
      <HealthIcon health={TONE[sync]} size={14} />
      {LABEL[sync]}
    </span>
  );
}

export function TypeSyncBadge(props: { readonly sync: TypeSync }) {
  const { sync } = props;
  return (
    <span className="mw-health" data-health={TONE[sync]}>
      <HealthIcon health={TONE[sync]} size={14} />
      {LABEL[sync]}
    </span>
  );
}

/** The types that are not synced, by name; all well needs no more than the badge. */
export function XdsStrip(props: { readonly types: ProxyView['types'] }) {
  const open = props.types.filter((type) => !type.synced);
  if (open.length === 0) return null;
  return <code className="mw-xds">{open.map((type) => type.type).join(' ')}</code>;
}
