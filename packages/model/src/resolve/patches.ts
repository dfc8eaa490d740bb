import type { ItemOf } from '../model/fragment.ts';
import { byAge } from '../model/item.ts';
import { selects } from '../model/labels.ts';
import type { PatchProxyMatch } from '../model/patch.ts';
import type { PatchContext, PatchPlan } from '../plan.ts';
import type { ProxyDescriptor } from '../proxy.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import { parseScope, type VariantSource } from './scope.ts';

type Patch = ItemOf<'patch'>;

/** Which part of a proxy's configuration is asked about: what its scope shares, or what is its own. */
export type PatchedPart = 'shared' | 'own';

export interface Patches {
  /** Resources that are for some proxies of a namespace only. */
  readonly variant: VariantSource;
  /** In the order in which they are applied; undefined when there are none, which is nearly always. */
  readonly ofScope: Query<[scope: string, part: PatchedPart], readonly PatchPlan[] | undefined>;
}

/** What patches ask of the version of a proxy is answered with this one: the Istio whose configuration is understood. */
const PROXY_VERSION = '1.31.0';

/** Where the gateway that a proxy was made for is written on it (Gateway API, automated deployments). */
const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

const CONTEXTS: Readonly<Record<'sidecar' | 'gateway', Readonly<Record<PatchedPart, readonly PatchContext[]>>>> = {
  sidecar: {
    shared: ['ANY', 'SIDECAR_OUTBOUND'],
    // The entrance of what a workload sends stands beside its inbound listeners.
    own: ['ANY', 'SIDECAR_INBOUND', 'SIDECAR_OUTBOUND'],
  },
  gateway: { shared: ['ANY', 'GATEWAY'], own: ['ANY', 'GATEWAY'] },
};

/** Which patches hold for whom (Istio, "EnvoyFilter": priority, then root namespace, then age, then name). */
export function definePatches({ engine, items, settings }: ResolveContext): Patches {
  /** All that may concern proxies of a namespace, in order. */
  const ofNamespace = engine.query('patchesOfNamespace', (namespace: string): readonly Patch[] => {
    const namespaces = [...new Set([settings.rootNamespace, namespace])];
    return namespaces
      .flatMap((name) => items.list('patchByNamespace', name))
      .sort((a, b) => a.priority - b.priority || rootFirst(a, b, settings.rootNamespace) || byAge(a, b));
  });

  const variant: VariantSource = {
    key: 'patch',
    of: (proxy) =>
      ofNamespace(proxy.namespace)
        .filter(isSelective)
        .flatMap((patch) => {
          const held = selectsProxy(patch, proxy) ? entriesFor(patch, proxy) : [];
          return held.length === 0 ? [] : [`${nameOf(patch)}:${held.join('.')}`];
        })
        .join(' '),
  };

  const ofScope = engine.query('patchesOfScope', (scopeName: string, part: PatchedPart) => {
    const scope = parseScope(scopeName);
    if (scope.role === 'node') return undefined;
    const contexts = CONTEXTS[scope.role][part];
    const chosen = parseVariant(scope.view.variant?.[variant.key] ?? '');
    const plans = ofNamespace(scope.view.namespace).flatMap((patch) => {
      const entries = isSelective(patch) ? (chosen.get(nameOf(patch)) ?? []) : patch.patches.keys();
      return [...entries].flatMap((index) => patch.patches[index]?.plan ?? []);
    });
    const held = plans.filter(({ context }) => contexts.includes(context));
    return held.length === 0 ? undefined : held;
  });

  return { variant, ofScope };
}

function rootFirst(a: Patch, b: Patch, root: string): number {
  return Number(b.namespace === root) - Number(a.namespace === root);
}

function nameOf(patch: Patch): string {
  return `${patch.namespace}/${patch.name}`;
}

function isSelective(patch: Patch): boolean {
  return (
    patch.selector !== undefined ||
    patch.targets !== undefined ||
    patch.patches.some(({ proxy }) => proxy !== undefined)
  );
}

function selectsProxy(patch: Patch, proxy: ProxyDescriptor): boolean {
  if (patch.selector !== undefined && !selects(patch.selector, proxy.labels)) return false;
  if (patch.targets === undefined) return true;
  const gateway = proxy.role === 'gateway' ? proxy.labels[GATEWAY_NAME_LABEL] : undefined;
  // A reference is to something beside the resource.
  return patch.namespace === proxy.namespace && patch.targets.some(({ name }) => name === gateway);
}

/** The numbers of the entries that are for this proxy. */
function entriesFor(patch: Patch, proxy: ProxyDescriptor): readonly number[] {
  return [...patch.patches.entries()].filter(([, entry]) => matches(entry.proxy, proxy)).map(([index]) => index);
}

function matches(match: PatchProxyMatch | undefined, proxy: ProxyDescriptor): boolean {
  if (match === undefined) return true;
  if (match.version !== undefined && !new RegExp(match.version).test(PROXY_VERSION)) return false;
  const metadata = metadataOf(proxy);
  return Object.entries(match.metadata ?? {}).every(([key, value]) => metadata[key] === value);
}

/** What a proxy says of itself as it starts, as far as it is text. */
function metadataOf(proxy: ProxyDescriptor): Readonly<Record<string, string | undefined>> {
  const [workload] = proxy.workloads;
  return {
    NAMESPACE: proxy.namespace,
    ISTIO_VERSION: PROXY_VERSION,
    NAME: workload?.pod,
    SERVICE_ACCOUNT: proxy.identity?.serviceAccount,
    TRUST_DOMAIN: proxy.identity?.trustDomain,
  };
}

function parseVariant(text: string): ReadonlyMap<string, readonly number[]> {
  const parts = text === '' ? [] : text.split(' ');
  return new Map(
    parts.map((part) => {
      const [name = '', indexes = ''] = part.split(':', 2);
      return [name, indexes.split('.').map(Number)];
    }),
  );
}
