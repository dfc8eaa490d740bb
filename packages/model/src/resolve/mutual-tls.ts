import type { ItemOf } from '../model/fragment.ts';
import { byAge } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { MutualTlsMode } from '../plan.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';

type PeerPolicy = ItemOf<'peer-policy'>;
type Labels = Readonly<Record<string, string>>;

/** What a workload accepts, by port. */
export interface MutualTlsModes {
  readonly mode: MutualTlsMode;
  readonly ports: PeerPolicy['ports'];
}

export interface PeerPolicies {
  /** The policy of the whole namespace, or of the mesh when asked for the root namespace: the oldest without selector. */
  readonly wide: PeerPolicy | undefined;
  /** Policies for some workloads, oldest first. */
  readonly selective: readonly PeerPolicy[];
}

export interface MutualTls {
  readonly policiesOf: Query<[namespace: string], PeerPolicies>;
  modesOf(namespace: string, labels: Labels): MutualTlsModes;
}

/**
 * Which mutual TLS mode holds for a workload, as Istio documents PeerAuthentication: the oldest policy whose selector
 * selects the workload, else the oldest of its namespace without selector, else the oldest of the root namespace without
 * selector. A policy that leaves the mode unset inherits it from the next wider one, and ports inherit from their policy.
 */
export function defineMutualTls({ engine, items, settings }: ResolveContext): MutualTls {
  const policiesOf = engine.query('peerPoliciesOf', (namespace: string): PeerPolicies => {
    const policies = [...items.list('peerPolicyByNamespace', namespace)].sort(byAge);
    return {
      wide: policies.find((policy) => policy.selector === undefined),
      selective: policies.filter((policy) => policy.selector !== undefined),
    };
  });
  return {
    policiesOf,
    modesOf(namespace, labels) {
      const local = policiesOf(namespace);
      const own = local.selective.find(({ selector }) => selector !== undefined && selects(selector, labels));
      const mode =
        own?.mode ?? local.wide?.mode ?? policiesOf(settings.rootNamespace).wide?.mode ?? settings.defaults.mutualTls;
      return { mode: mode ?? 'permissive', ports: own?.ports ?? [] };
    },
  };
}

export function modeAt(modes: MutualTlsModes, port: number): MutualTlsMode {
  return modes.ports.find((entry) => entry.port === port)?.mode ?? modes.mode;
}
