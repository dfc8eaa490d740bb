import type { ItemOf } from '../model/fragment.ts';
import { byAge } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { Subset, TrafficSettings } from '../model/policy.ts';
import type { Origin } from '../provenance.ts';
import { byteSettingsOf } from './byte-settings.ts';
import type { PortSettings } from './traffic-settings.ts';

export type DestinationPolicy = ItemOf<'destination-policy'>;

/** What holds for a destination after several resources for it were put together. */
export interface EffectivePolicy {
  readonly settings: TrafficSettings;
  readonly subsets: readonly Subset[];
  /** It is for workloads that it selects. */
  readonly isSelective: boolean;
  readonly origin: Origin;
}

/** The rules with the selector of the oldest one that selects the client, else those without selector. */
export function chosen(found: readonly DestinationPolicy[], selected: readonly string[]): readonly DestinationPolicy[] {
  const [oldest] = found
    .filter(({ clientSelector, name }) => clientSelector !== undefined && selected.includes(name))
    .sort(byAge);
  const wanted = oldest?.clientSelector;
  return found.filter(({ clientSelector }) =>
    wanted === undefined || clientSelector === undefined
      ? wanted === clientSelector
      : selects(wanted, clientSelector) && selects(clientSelector, wanted),
  );
}

/** Subsets of all are put together, the oldest resource wins over later ones with the same name; so do its settings. */
export function merge(policies: readonly DestinationPolicy[]): EffectivePolicy | undefined {
  const [oldest, ...later] = [...policies].sort(byAge);
  if (oldest === undefined) return undefined;
  const subsets = [...oldest.subsets];
  for (const subset of later.flatMap((policy) => policy.subsets)) {
    if (!subsets.some(({ name }) => name === subset.name)) subsets.push(subset);
  }
  const settings = [oldest, ...later].find((policy) => policy.settings !== undefined)?.settings ?? {};
  return { settings, subsets, isSelective: oldest.clientSelector !== undefined, origin: oldest.origin };
}

/** Of the rule, of its subsets, and of the ports of all of them. */
function allSettings({ settings, subsets }: DestinationPolicy): readonly PortSettings[] {
  return [settings, ...subsets.map((subset) => subset.settings)].flatMap((entry) =>
    entry === undefined ? [] : [entry, ...(entry.ports ?? []).map((port) => port.settings)],
  );
}

/** Secrets belong to a namespace, and sidecars take them under other conditions than gateways. */
export function namesSecret(item: DestinationPolicy): boolean {
  return allSettings(item).some(
    ({ tls }) => tls !== undefined && 'credential' in tls && tls.credential?.kind === 'secret',
  );
}

/** What is said of the destination and carried out before it is chosen. */
export function isSeenByRoutes(item: DestinationPolicy): boolean {
  return allSettings(item).some(
    (settings) => settings.loadBalancer?.hash !== undefined || Object.keys(byteSettingsOf(settings)).length > 0,
  );
}
